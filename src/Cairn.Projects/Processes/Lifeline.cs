using System.Globalization;
using System.IO.Pipes;

namespace Cairn.Projects.Processes;

/// <summary>
/// A shell that waits on a pipe only we hold. A word means that all is well; an end without a word means that we were
/// killed, and then it ends the process group in our place. (A parent-death signal would be shorter, but reaches only
/// the first process, and comes when a mere thread of ours ends.)
/// </summary>
internal sealed class Lifeline : IDisposable
{
    private const string Script =
        "trap '' TERM INT HUP; read -r word || { kill -s TERM -- \"-$1\"; sleep 5; kill -s KILL -- \"-$1\"; }";

    private readonly AnonymousPipeServerStream _pipe;

    private Lifeline(AnonymousPipeServerStream pipe) => _pipe = pipe;

    /// <summary>Guards the process group from now on.</summary>
    public static Lifeline Guard(int group)
    {
        var pipe = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        var sink = (int)nothing.DangerousGetHandle();
        var command = new ChildCommand(
            "/bin/sh",
            ["-c", Script, "cairn-lifeline", group.ToString(CultureInfo.InvariantCulture)],
            "/",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" });
        var pid = ChildProcess.Spawn(command, [ChildProcess.Descriptor(pipe), sink, sink]);
        pipe.DisposeLocalCopyOfClientHandle();

        // Somebody has to take its exit status, or it stays as a zombie.
        _ = ChildProcess.WaitAsync(pid);
        return new Lifeline(pipe);
    }

    /// <summary>Ends the pipe without a word.</summary>
    internal void Break() => _pipe.Dispose();

    public void Dispose()
    {
        try
        {
            _pipe.Write("done\n"u8);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Someone killed the shell: nothing to call off.
        }

        _pipe.Dispose();
    }
}
