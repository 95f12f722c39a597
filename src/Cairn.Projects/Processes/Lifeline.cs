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
    private const string Script = """
        trap '' TERM INT HUP; read -r group || exit; read -r word || {
          [ "$group" = none ] || {
            kill -s TERM -- "-$group"
            i=0; while [ $i -lt 50 ] && kill -s 0 -- "-$group"; do i=$((i+1)); sleep 0.1; done
            kill -s KILL -- "-$group"
          }
          [ $# -eq 0 ] || "$@"
        }
        """;

    private readonly AnonymousPipeServerStream _pipe;

    private Lifeline(AnonymousPipeServerStream pipe) => _pipe = pipe;

    /// <summary>Guards no processes, only a record that is to be closed after our death.</summary>
    public static Lifeline ForRecord(IReadOnlyList<string> afterwards)
    {
        var lifeline = Ready(afterwards);
        lifeline.Tell("none\n");
        return lifeline;
    }

    /// <summary>Starts the shell; it waits for the group.</summary>
    /// <param name="afterwards">What it starts when it has ended the group, or null.</param>
    public static Lifeline Ready(IReadOnlyList<string>? afterwards = null)
    {
        var pipe = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        var sink = (int)nothing.DangerousGetHandle();
        var command = new ChildCommand(
            "/bin/sh",
            ["-c", Script, "cairn-lifeline", .. afterwards ?? []],
            "/",
            Variables(afterwards is not null));
        var pid = ChildProcess.Spawn(command, [ChildProcess.Descriptor(pipe), sink, sink]);
        pipe.DisposeLocalCopyOfClientHandle();

        // Somebody has to take its exit status, or it stays as a zombie.
        _ = ChildProcess.WaitAsync(pid);
        return new Lifeline(pipe);
    }

    /// <summary>Its own few; for a program afterwards ours, but without what would make it look like a process of a run.</summary>
    private static Dictionary<string, string> Variables(bool all)
    {
        var variables = all ? CurrentEnvironment.Copy() : new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" };
        variables.Remove("CAIRN_RUN_ID");
        variables.Remove("CAIRN_PARENT_RUN_ID");
        return variables;
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
