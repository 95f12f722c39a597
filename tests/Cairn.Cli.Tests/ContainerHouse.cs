using System.Diagnostics;
using System.Globalization;

namespace Cairn.Cli.Tests;

/// <summary>
/// podman with a storage of its own and one image, <c>tiny</c>: a shell and the small tools of busybox. Nothing is fetched
/// from anywhere.
/// </summary>
public sealed class ContainerHouse : IAsyncLifetime
{
    private const string Recipe = """
        FROM scratch
        COPY busybox /bin/busybox
        RUN ["/bin/busybox", "--install", "-s", "/bin"]
        ENV PATH=/bin
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("cairn-containers-").FullName;
    private string? _missing;

    /// <summary>What podman reads its settings from.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["CONTAINERS_CONF"] = Path.Combine(_folder, "containers.conf"),
        ["CONTAINERS_STORAGE_CONF"] = Path.Combine(_folder, "storage.conf"),
        // podman is asked for by everyone's name; a docker that is there has other images.
        ["CAIRN_ENV_MANAGER"] = "podman",
    };

    public async ValueTask InitializeAsync()
    {
        _missing = !File.Exists("/bin/busybox") ? "busybox-static is not installed" : Find("podman") is null ? "podman is not installed" : null;
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
        await File.WriteAllTextAsync(Path.Combine(context, "Dockerfile"), Recipe);
        var (built, text) = await PodmanAsync("build", "-t", "tiny", context);
        (var ran, text) = built == 0 ? await PodmanAsync("run", "--rm", "--network", "host", "tiny", "true") : (built, text);
        _missing = ran == 0 ? null : text;
    }

    public async ValueTask DisposeAsync()
    {
        if (_missing is null)
        {
            await PodmanAsync("rm", "-af", "-t", "0");
            await PodmanAsync("rmi", "-af");
        }

        using var remove = Process.Start("/bin/sh", ["-c", "umount \"$1\"/graph/overlay 2>/dev/null; rm -rf \"$1\"", "sh", _folder]);
        await CliFixture.EndAsync(remove);
    }

    /// <summary>Skips the test where there are no containers.</summary>
    public void Require() => Assert.SkipWhen(_missing is not null, $"Containers cannot be run: {_missing}");

    /// <summary>Names of what runs, or is left.</summary>
    public async Task<string> ContainersAsync() => (await PodmanAsync("ps", "-a", "--format", "{{.Names}}")).Text.Trim();

    private async Task<(int Code, string Text)> PodmanAsync(params string[] arguments)
    {
        // A container's monitor keeps what it inherits: the output goes to a file.
        var output = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid():N}.txt"));
        var start = new ProcessStartInfo("bash", ["-c", "out=$1; shift; exec podman \"$@\" >\"$out\" 2>&1 </dev/null", "bash", output, .. arguments]);
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
