using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Cairn.Tests;

namespace Cairn.Cli.Tests;

/// <summary>A real Slurm of one machine, started by scripts/slurm.sh for tests that take turns: some drain its node.</summary>
[CollectionDefinition(Collection)]
public sealed class SlurmCluster : IAsyncLifetime, ICollectionFixture<SlurmCluster>
{
    public const string Collection = "Slurm";

    private readonly string _folder = Directory.CreateTempSubdirectory("cairn-slurm-").FullName;
    private readonly int _port = FreePort.Take();
    private readonly int _nodePort = FreePort.Take();
    private string? _missing;

    public Dictionary<string, string> Variables => new() { ["SLURM_CONF"] = Path.Combine(_folder, "slurm.conf") };

    public async ValueTask InitializeAsync()
    {
        var (code, text) = await ScriptAsync("start");
        // 3: there is no Slurm here, or nobody may start one.
        _missing = code == 3 ? text : null;
        Assert.True(code is 0 or 3, text);
    }

    public async ValueTask DisposeAsync()
    {
        await ScriptAsync("stop");
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A daemon may still write its last words.
        }
    }

    /// <summary>Skips the test where there is no cluster.</summary>
    public void Require() => Assert.SkipWhen(_missing is not null, $"Slurm cannot be started: {_missing}");

    /// <summary>What one of Slurm's programs prints.</summary>
    public async Task<string> AskAsync(string program, params string[] arguments)
    {
        var (code, text) = await RunAsync(program, arguments);
        return code == 0 ? text.Trim() : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {text}");
    }

    /// <summary>Takes the node out of use, or back into it.</summary>
    public Task DrainAsync(bool isDrained) => isDrained
        ? AskAsync("scontrol", "update", $"nodename={Dns.GetHostName().Split('.')[0]}", "state=drain", "reason=test")
        : AskAsync("scontrol", "update", $"nodename={Dns.GetHostName().Split('.')[0]}", "state=resume");

    private Task<(int Code, string Text)> ScriptAsync(string verb) => RunAsync("bash", Path.Combine(Root(), "scripts", "slurm.sh"), verb, _folder);

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    private async Task<(int Code, string Text)> RunAsync(string program, params string[] arguments)
    {
        // Daemons keep what they inherit: the output goes to a file, or nobody would ever see its end.
        var output = Path.Combine(_folder, $"{Guid.NewGuid():N}.txt");
        var start = new ProcessStartInfo("bash", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "bash", output, program, .. arguments]);
        start.Environment["SLURM_CONF"] = Variables["SLURM_CONF"];
        start.Environment["PORT"] = _port.ToString(CultureInfo.InvariantCulture);
        start.Environment["NODE_PORT"] = _nodePort.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        await CliFixture.EndAsync(process);
        return (process.ExitCode, await File.ReadAllTextAsync(output));
    }
}
