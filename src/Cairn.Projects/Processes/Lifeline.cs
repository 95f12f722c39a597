using System.Globalization;
using System.IO.Pipes;
using System.Text;

namespace Cairn.Projects.Processes;

/// <summary>
/// A shell that waits on a pipe only we hold. It is told the process group to guard; a word after that means that all is
/// well, an end without one that we were killed, and then it ends the group in our place. It is there before the group
/// is, so that no moment is left unguarded. (A parent-death signal would be shorter, but reaches only
/// the first process, and comes when a mere thread of ours ends.)
/// </summary>
internal sealed class Lifeline : IDisposable
{
    private const string Script =
        "trap '' TERM INT HUP; read -r group || exit; read -r word || { kill -s TERM -- \"-$group\"; sleep 5; kill -s KILL -- \"-$group\"; }";

    private readonly AnonymousPipeServerStream _pipe;

    private Lifeline(AnonymousPipeServerStream pipe) => _pipe = pipe;

    /// <summary>Starts the shell; it waits for the group.</summary>
    public static Lifeline Ready()
    {
        var pipe = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        var sink = (int)nothing.DangerousGetHandle();
        var command = new ChildCommand(
            "/bin/sh",
            ["-c", Script, "cairn-lifeline"],
            "/",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" });
        var pid = ChildProcess.Spawn(command, [ChildProcess.Descriptor(pipe), sink, sink]);
        pipe.DisposeLocalCopyOfClientHandle();

        // Somebody has to take its exit status, or it stays as a zombie.
        _ = ChildProcess.WaitAsync(pid);
        return new Lifeline(pipe);
    }

    /// <summary>Guards a process group from now on.</summary>
    public void Guard(int group) => Tell(string.Create(CultureInfo.InvariantCulture, $"{group}\n"));

    /// <summary>Ends the pipe without a word.</summary>
    internal void Break() => _pipe.Dispose();

    public void Dispose()
    {
        Tell("done\n");
        _pipe.Dispose();
    }

    private void Tell(string line)
    {
        try
        {
            _pipe.Write(Encoding.ASCII.GetBytes(line));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Someone killed the shell: nobody guards, nothing to call off.
        }
    }
}
