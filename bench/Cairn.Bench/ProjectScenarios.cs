using System.Diagnostics;
using System.Text;

namespace Cairn.Bench;

/// <summary>What running projects costs beyond the programs that are run.</summary>
internal static class ProjectScenarios
{
    private const int Steps = 40;
    private const int Tries = 15;

    /// <summary>Times <c>cairn run</c> of nothing, and a chain of short steps, against a server that is there.</summary>
    public static async Task RunAsync(string binary, string work, ServerProcess server, Report report)
    {
        var folder = Directory.CreateDirectory(Path.Combine(work, "projects")).FullName;
        Write(folder, "nothing/MLproject", "entry_points: {main: {command: \"true\"}}\n");
        Write(folder, "step/MLproject", "entry_points: {main: {parameters: {i: int}, command: sleep 0.01}}\n");
        var chain = new StringBuilder("name: bench-chain\nsteps:\n");
        for (var i = 0; i < Steps; i++)
        {
            chain.Append($"  s{i}: {{component: step, params: {{i: {i}}}{(i == 0 ? "" : $", needs: [s{i - 1}]")}}}\n");
        }

        Write(folder, "pipeline.yaml", chain.ToString());
        await TimeAsync(binary, folder, server, "run", "nothing");
        var child = new List<double>();
        var whole = new List<double>();
        for (var i = 0; i < Tries; i++)
        {
            child.Add(await TimeAsync("/bin/bash", folder, server, "-c", "true"));
            whole.Add(await TimeAsync(binary, folder, server, "run", "nothing"));
        }

        report.AtMost("cairn run of nothing, beyond the child", Median(whole) - Median(child), "ms", 60, $"median of {Tries}");
        report.AtMost($"{Steps} steps of 10 ms, one after the other", await TimeAsync(binary, folder, server, "pipeline", "run", ".") / 1000, "s", 2.0);
        report.AtMost("  the same again, all cached", await TimeAsync(binary, folder, server, "pipeline", "run", ".") / 1000, "s", 1.0);
    }

    private static async Task<double> TimeAsync(string program, string folder, ServerProcess server, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CAIRN_URL"] = server.Address.ToString();
        start.Environment["CAIRN_CACHE_DIR"] = Path.Combine(folder, ".cache");
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? clock.Elapsed.TotalMilliseconds : throw new InvalidOperationException(await error);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static void Write(string folder, string name, string text)
    {
        var file = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
