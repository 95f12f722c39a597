using System.Text;

namespace Cairn.Projects.Processes;

/// <summary>
/// A program that works for us (git, pip, conda): its lines are told as they come, it ends with us, and a cancelled wait
/// ends all of it.
/// </summary>
internal static class Tool
{
    private const int MostKept = 256 * 1024;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>How it went.</summary>
    /// <param name="Exit">Its exit.</param>
    /// <param name="Output">What it printed to standard output; the end of it where it is very long.</param>
    /// <param name="Error">The same of standard error.</param>
    public sealed record Result(ChildExit Exit, string Output, string Error)
    {
        /// <summary>The last lines of what it complained about.</summary>
        public string Complaint
        {
            get
            {
                var text = Error.Trim().Length > 0 ? Error : Output;
                return string.Join('\n', text.Trim().Split('\n').Where(line => line.Trim().Length > 0).TakeLast(8));
            }
        }
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="command">The program.</param>
    /// <param name="line">Gets each line it prints, from two threads; or null.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<Result> RunAsync(ChildCommand command, Action<string>? line, CancellationToken cancellation)
    {
        using var child = ChildProcess.Start(command);
        var output = ReadAsync(child.Output, line);
        var error = ReadAsync(child.Error, line);
        try
        {
            var exit = await child.Exited.WaitAsync(cancellation);
            return new Result(exit, await output, await error);
        }
        catch (OperationCanceledException)
        {
            await new ProcessFamily(child.Id, "CAIRN_NO_SUCH_MARK=").EndAsync(Grace, CancellationToken.None);
            throw;
        }
    }

    private static async Task<string> ReadAsync(Stream stream, Action<string>? line)
    {
        await Task.Yield();
        using var reader = new StreamReader(stream, new UTF8Encoding(false));
        var kept = new StringBuilder();
        while (await reader.ReadLineAsync() is { } text)
        {
            line?.Invoke(text);
            kept.Append(text).Append('\n');
            if (kept.Length > MostKept)
            {
                kept.Remove(0, kept.Length / 2);
            }
        }

        return kept.ToString();
    }
}
