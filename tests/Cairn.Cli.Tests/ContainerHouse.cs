using System.Diagnostics;
using System.Globalization;

namespace Cairn.Cli.Tests;

/// <summary>
/// podman with a storage of its own and one image, <c>tiny</c>: a shell and the small tools of busybox. Nothing is fetched
/// from anywhere. With <c>CAIRN_TEST_CONTAINERS=docker</c> it is the docker whose daemon runs here, which gets the image.
/// </summary>
public sealed class ContainerHouse : IAsyncLifetime
{
    private const string Recipe = """
        FROM scratch
        COPY busybox /bin/busybox
        RUN ["/bin/busybox", "--install", "-s", "/bin"]
        ENV PATH=/bin
        """;

    private static readonly string Engine = Environment.GetEnvironmentVariable("CAIRN_TEST_CONTAINERS") ?? "podman";

    private readonly string _folder = Directory.CreateTempSubdirectory("cairn-containers-").FullName;
    private string? _missing;

    /// <summary>What podman reads its settings from.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["CONTAINERS_CONF"] = Path.Combine(_folder, "containers.conf"),
        ["CONTAINERS_STORAGE_CONF"] = Path.Combine(_folder, "storage.conf"),
        // It is asked for by name: a docker that is there beside podman has other images.
        ["CAIRN_ENV_MANAGER"] = Engine,
    };

    public async ValueTask InitializeAsync()
    {
        _missing = !File.Exists("/bin/busybox") ? "busybox-static is not installed" : Find(Engine) is null ? $"{Engine} is not installed" : null;
        if (_missing is not null)
        {
            return;
        }

        // runc where it is there: other runtimes may want a newer kernel's control groups, or systemd.
        await File.WriteAllTextAsync(Path.Combine(_folder, "containers.conf"), $"""
            [containers]
            default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            {(Find("runc") is { } runc ? $"runtime = \"runc\"\n[engine.runtimes]\nrunc = [\"{runc}\"]" : "")}
            """);
        await File.WriteAllTextAsync(Path.Combine(_folder, "storage.conf"), $"""
            [storage]
            driver = "overlay"
            runroot = "{_folder}/run"
            graphroot = "{_folder}/graph"
            """);
        var context = Directory.CreateDirectory(Path.Combine(_folder, "tiny")).FullName;
        File.Copy("/bin/busybox", Path.Combine(context, "busybox"));
        await File.WriteAllTextAsync(Path.Combine(context, "Dockerfile"), $"{Recipe}\nLABEL house={_folder}\n"); // No image of an earlier house passes for one of this.
        var (built, text) = await EngineAsync("build", "-t", "tiny", context);
        (var ran, text) = built == 0 ? await EngineAsync("run", "--rm", "--network", "host", "tiny", "true") : (built, text);
        _missing = ran == 0 ? null : text;
    }

    public async ValueTask DisposeAsync()
    {
        if (_missing is null && Engine == "podman")
        {
            await EngineAsync("rm", "-af", "-t", "0");
            await EngineAsync("rmi", "-af");
        }
        else if (_missing is null)
        {
            await EngineAsync("rmi", "-f", "tiny");
        }

        using var remove = Process.Start("/bin/sh", ["-c", "umount \"$1\"/graph/overlay 2>/dev/null; rm -rf \"$1\"", "sh", _folder]);
        await CliFixture.EndAsync(remove);
    }

    /// <summary>Skips the test where there are no containers.</summary>
    public void Require() => Assert.SkipWhen(_missing is not null, $"Containers cannot be run: {_missing}");

    /// <summary>Names of what runs, or is left.</summary>
    public async Task<string> ContainersAsync() => (await EngineAsync("ps", "-a", "--format", "{{.Names}}")).Text.Trim();

    private async Task<(int Code, string Text)> EngineAsync(params string[] arguments)
    {
        // A container's monitor keeps what it inherits: the output goes to a file.
        var output = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid():N}.txt"));
        var start = new ProcessStartInfo("bash", ["-c", "out=$1; shift; exec \"$0\" \"$@\" >\"$out\" 2>&1 </dev/null", Engine, output, .. arguments]);
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await CliFixture.EndAsync(process);
        return (process.ExitCode, await File.ReadAllTextAsync(output));
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
