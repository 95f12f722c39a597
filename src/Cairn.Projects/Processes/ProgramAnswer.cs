using System.IO.Pipes;
using System.Text;

namespace Cairn.Projects.Processes;

/// <summary>What a small program printed: for asking git, python and the like.</summary>
public static class ProgramAnswer
{
    /// <summary>Its standard output without the last line end; null where it failed, is missing or took too long.</summary>
    /// <param name="program">Name on PATH, or absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where to run it.</param>
    /// <param name="limit">How long to wait for it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<string?> ReadAsync(
        string program, IReadOnlyList<string> arguments, string folder, TimeSpan limit, CancellationToken cancellation)
    {
        var path = Path.IsPathRooted(program) ? program : Programs.Find(program);
        if (path is null || OperatingSystem.IsWindows())
        {
            return null;
        }

        try
        {
            return await Task.Run(() => Read(path, arguments, folder), cancellation).WaitAsync(limit, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static async Task<string?> Read(string path, IReadOnlyList<string> arguments, string folder)
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        var sink = (int)nothing.DangerousGetHandle();
        int pid;
        try
        {
            pid = ChildProcess.Spawn(
                new ChildCommand(path, arguments, folder, CurrentEnvironment.Copy()), [sink, ChildProcess.Descriptor(pipe), sink]);
        }
        catch (ProjectException)
        {
            return null;
        }

        pipe.DisposeLocalCopyOfClientHandle();
        var exit = ChildProcess.WaitAsync(pid);
        using var reader = new StreamReader(pipe, new UTF8Encoding(false));
        var text = await reader.ReadToEndAsync();
        return (await exit).IsSuccess ? text.TrimEnd('\n', '\r') : null;
    }
}
