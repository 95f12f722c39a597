using System.Diagnostics;
using System.Text;

namespace Cairn.Projects.Tests;

/// <summary>A real shell that runs a line, with a time-out.</summary>
internal static class Shell
{
    public static readonly string[] All = new[] { "/bin/sh", "/bin/bash" }.Where(File.Exists).ToArray();

    public sealed record Answer(int ExitCode, string Output, string Error);

    public static Answer Run(string shell, string line, string folder)
    {
        var start = new ProcessStartInfo(shell)
        {
            ArgumentList = { "-c", line },
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(SafetyNet.Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{shell} -c {line}");
        }

        return new Answer(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>The arguments that <c>args</c>, a function standing in for a program, got: NUL after each.</summary>
    public static string[] Arguments(Answer answer) => answer.Output.Split('\0')[..^1];
}
