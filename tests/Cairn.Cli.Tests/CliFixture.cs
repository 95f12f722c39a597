using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Cairn.Cli.Tests;

/// <summary>A home, a data folder and a working folder of their own, and the built program to run in them.</summary>
public sealed class CliFixture : IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly string _root = Directory.CreateTempSubdirectory("cairn-cli-").FullName;

    public CliFixture() => Directory.CreateDirectory(Work);

    /// <summary>The program under test.</summary>
    public static string Executable { get; } = Path.GetFullPath(
        Environment.GetEnvironmentVariable("CAIRN_TEST_EXE") is { Length: > 0 } chosen
            ? chosen
            : typeof(CliFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "CairnExecutable").Value!);

    public string Work => Path.Combine(_root, "work");

    public string Data => Path.Combine(_root, "data");

    public sealed record Answer(int ExitCode, string Out, string Error)
    {
        public JsonElement Json => JsonDocument.Parse(Out).RootElement;

        public override string ToString() => $"exit code {ExitCode}\n{Out}\n{Error}";
    }

    public string Write(string name, string text)
    {
        var file = Path.Combine(Work, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>A project of one command.</summary>
    public void Project(string folder, string command, string parameters = "{}") =>
        Write($"{folder}/MLproject", $"entry_points:\n  main:\n    parameters: {parameters}\n    command: |\n      {command.Replace("\n", "\n      ", StringComparison.Ordinal)}\n");

    public Task<Answer> CairnAsync(params string[] arguments) => RunAsync(Executable, arguments, []);

    public async Task<Answer> RunAsync(string program, string[] arguments, Dictionary<string, string> variables, TimeSpan? limit = null)
    {
        using var process = Start(program, arguments, variables);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await EndAsync(process, limit);
        return new Answer(process.ExitCode, await output, await error);
    }

    public Process Start(string program, string[] arguments, Dictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("CAIRN_", StringComparison.Ordinal) || key.StartsWith("MLFLOW_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = _root;
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(_root, "cache");
        start.Environment["CAIRN_DATA"] = Data;
        start.Environment["TERM"] = "xterm-256color";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Waits for the end of a process; one that takes too long is killed and fails the test.</summary>
    public static async Task EndAsync(Process process, TimeSpan? longest = null)
    {
        using var limit = new CancellationTokenSource(longest ?? Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} did not end.");
        }
    }

    /// <summary>Waits until a file is there and has content; answers it.</summary>
    public async Task<string> FileAsync(string name)
    {
        using var limit = new CancellationTokenSource(Limit);
        var file = Path.Combine(Work, name);
        while (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            await Task.Delay(20, limit.Token);
        }

        return (await File.ReadAllTextAsync(file)).Trim();
    }

    /// <summary>Waits until a process is gone.</summary>
    public static async Task GoneAsync(string pid)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (!(await File.ReadAllTextAsync($"/proc/{pid}/stat", limit.Token)).Contains(") Z", StringComparison.Ordinal))
            {
                await Task.Delay(20, limit.Token);
            }
        }
        catch (IOException)
        {
            // There is no such process, or it went while it was read about.
        }
    }

    public static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        // The cache is read only for its owner's own good.
        using var remove = Process.Start("/bin/sh", ["-c", "chmod -R u+w \"$1\"; rm -rf \"$1\"", "sh", _root]);
        remove.WaitForExit();
    }
}
