using System.Globalization;
using Cairn.Cli.Commands;
using Cairn.Cli.Hosting;
using Cairn.Cli.Output;
using Cairn.Client;
using Cairn.Projects.Processes;

namespace Cairn.Cli.Doctor;

/// <summary>Looks at everything Cairn needs or can make use of. Changes nothing but a file it makes and removes.</summary>
internal sealed class Checkup(string? url, string? data, CancellationToken cancellation)
{
    private const long LeastFree = 100_000_000;
    private const long ComfortableFree = 2_000_000_000;
    private static readonly TimeSpan ProgramLimit = TimeSpan.FromSeconds(5);

    private readonly string _folder = ServerSession.DataFolder(data);

    /// <summary>The findings, in the order in which they are best read. All are looked for at once.</summary>
    public async Task<IReadOnlyList<CheckReport>> RunAsync()
    {
        Task<CheckReport>[] checks =
        [
            Task.FromResult(DataFolder()),
            Task.FromResult(Space()),
            ServerAsync(),
            ProgramAsync("shell", ["bash"], "runs the commands of projects", "Install bash; /bin/sh is used in its place."),
            ProgramAsync("git", ["git"], "records commits of projects", "Install git to have commit and branch recorded."),
            ProgramAsync(".NET SDK", ["dotnet"], "for components in C#", "Only for components in C#: https://dotnet.microsoft.com/download"),
            ProgramAsync("Python", ["python3", "python"], "for components in Python", "Only for components in Python: install python3."),
            ProgramAsync("conda", ["conda", "mamba", "micromamba"], "for conda environments", "Only for projects with conda_env, and not needed yet."),
            ProgramAsync("uv", ["uv"], "for Python environments", "Makes Python environments fast: https://docs.astral.sh/uv"),
            ProgramAsync("container engine", ["docker", "podman"], "for projects in containers", "Only for projects with docker_env: install docker or podman."),
        ];
        return await Task.WhenAll(checks);
    }

    private CheckReport DataFolder()
    {
        if (!Directory.Exists(_folder))
        {
            return Writable(Nearest(_folder))
                ? Ok("data folder", $"{_folder} (made when it is needed)")
                : Failed("data folder", $"{_folder} cannot be made", "Choose another with CAIRN_DATA or --data.");
        }

        return !Writable(_folder)
            ? Failed("data folder", $"{_folder} cannot be written", $"chown it to you, or choose another with CAIRN_DATA or --data.")
            : ServerSession.IsHeld(_folder) && Beacon.Read(_folder) is null
            ? Failed("data folder", $"{_folder} is locked by a process that tells no address", "Wait a moment if a server is just starting; else find it: fuser cairn.lock")
            : Ok("data folder", _folder);
    }

    private CheckReport Space()
    {
        try
        {
            var free = new DriveInfo(Nearest(_folder)).AvailableFreeSpace;
            var finding = $"{Shown.Size(free)} free";
            return free switch
            {
                < LeastFree => Failed("disk", finding, "Make room, or choose a folder on another disk with CAIRN_DATA."),
                < ComfortableFree => new CheckReport("disk", "absent", finding, "That is not much for data and models."),
                _ => Ok("disk", finding),
            };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new CheckReport("disk", "absent", $"the free space is not known: {fault.Message}", null);
        }
    }

    private async Task<CheckReport> ServerAsync()
    {
        var named = url ?? (data is null ? Environment.GetEnvironmentVariable("CAIRN_URL") : null);
        var address = named is { Length: > 0 } ? CairnClientOptions.ParseUrl(named, url is null ? "CAIRN_URL" : "--url") : Beacon.Read(_folder)?.Url;
        if (address is null)
        {
            return new CheckReport("server", "absent", "none runs", "Commands start one for themselves; to keep one running: cairn server");
        }

        using var client = new CairnClient(new CairnClientOptions
        {
            Url = address,
            ApiKey = Environment.GetEnvironmentVariable("CAIRN_API_KEY"),
            RetryFor = TimeSpan.Zero,
        });
        try
        {
            var server = await client.GetServerAsync(cancellation);
            var other = server.Version == VersionCommand.Version ? null : $"This program is {VersionCommand.Version}; use the same version on both sides.";
            return new CheckReport("server", "ok", $"{address.AbsoluteUri.TrimEnd('/')}, version {server.Version}{(server.AuthRequired ? ", with a key" : "")}", other);
        }
        catch (CairnClientException) when (named is null && !ServerSession.IsHeld(_folder))
        {
            return new CheckReport("server", "absent", "none runs (the last one was killed)", "Commands start one for themselves; to keep one running: cairn server");
        }
        catch (CairnClientException fault)
        {
            return Failed("server", fault.Message, fault.Code is "unauthenticated" or "forbidden"
                ? "Set CAIRN_API_KEY to the key of the server."
                : "Start it with 'cairn server', or correct CAIRN_URL.");
        }
    }

    private async Task<CheckReport> ProgramAsync(string name, string[] programs, string use, string remedy)
    {
        foreach (var program in programs)
        {
            if (Programs.Find(program) is not { } path)
            {
                continue;
            }

            var answer = await ProgramAnswer.ReadAsync(path, ["--version"], "/", ProgramLimit, cancellation);
            if (answer is null)
            {
                return new CheckReport(name, "absent", $"{path} does not work ('{program} --version' fails)", remedy);
            }

            var version = string.Concat(answer.Split('\n')[0].SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(c => c is not (' ' or ',' or '(')));
            return Ok(name, $"{program} {version}".TrimEnd() + $", {use}");
        }

        return new CheckReport(name, "absent", "not here", remedy);
    }

    /// <summary>The folder itself or the nearest one above it that exists.</summary>
    private static string Nearest(string folder)
    {
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { Length: > 0 } above)
        {
            folder = above;
        }

        return folder;
    }

    private static bool Writable(string folder)
    {
        var probe = Path.Combine(folder, $".cairn-doctor-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}");
        try
        {
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static CheckReport Ok(string name, string finding) => new(name, "ok", finding, null);

    private static CheckReport Failed(string name, string finding, string remedy) => new(name, "failed", finding, remedy);
}
