using System.CommandLine;
using Cairn.Cli.Commands.Triggers;
using Cairn.Cli.Hosting;
using Cairn.Cli.Parsing;
using Cairn.Core;
using Cairn.Core.Access;
using Cairn.Server;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn server</c>.</summary>
internal sealed class ServerCommand(CairnProgram program)
{
    private static readonly Option<string> Listen = new("--listen")
    {
        Description = "Where to listen; port 0 takes a free one (default: 127.0.0.1:5080)",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => new CairnServerOptions().Listen,
    };

    private static readonly Option<int?> Port = new("--port")
    {
        Description = "The port alone, with the host of --listen; 0 takes a free one",
        HelpName = "PORT",
    };

    private static readonly Option<string?> DefaultArtifactRoot = new("--default-artifact-root")
    {
        Description = "Where clients put files of new experiments by themselves: a shared folder or a URI (default: they send them to the server)",
        HelpName = "PLACE",
    };

    private static readonly Option<string?> ArtifactsDestination = new("--artifacts-destination")
    {
        Description = "Keep what is sent to the server as plain files in this folder (default: in the data folder, each content once)",
        HelpName = "FOLDER",
    };

    private static readonly Option<bool> MlflowStrict = new("--mlflow-strict")
    {
        Description = "Do as MLflow's server does also where that is a nuisance: names of deleted experiments stay taken",
    };

    private static readonly Option<string[]> WebhookHosts = new("--webhook-hosts")
    {
        Description = "Hosts to which webhooks may be sent; '*' for every public one by https (default: none)",
        HelpName = "HOST",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string[]> TrustedProxy = new("--trusted-proxy")
    {
        Description = "Address or network of a proxy in front of this server, whose X-Forwarded-For and X-Forwarded-Proto are believed (default: nobody's)",
        HelpName = "ADDRESS",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> DefaultPermission = new("--default-permission")
    {
        Description = "What users may do with experiments and models where nothing was said: NO_PERMISSIONS, READ, EDIT or MANAGE (default: READ)",
        HelpName = "PERMISSION",
        DefaultValueFactory = _ => PermissionNames.Of(new CairnServerOptions().DefaultPermission),
    };

    private static readonly Option<bool> Worker = new("--worker")
    {
        Description = "Also carry out what triggers set going, on this machine (as 'cairn worker' does)",
    };

    public Command Create()
    {
        var command = new CairnCommand(
            "server",
            "Run the server: tracking, artifacts and web pages.",
            "cairn server  # on this machine only",
            "cairn server --data /srv/cairn --listen 127.0.0.1:8080",
            "CAIRN_API_KEY=$(cat key) cairn server --listen 0.0.0.0:5080  # for others too; clients need the same key")
        {
            Listen,
            Port,
            DefaultArtifactRoot,
            ArtifactsDestination,
            MlflowStrict,
            WebhookHosts,
            TrustedProxy,
            DefaultPermission,
            Worker,
        };
        command.SetAction((line, _) => ServeAsync(line));
        return command;
    }

    private async Task<int> ServeAsync(ParseResult line)
    {
        var options = new CairnServerOptions
        {
            DataFolder = ServerSession.DataFolder(line.GetValue(GlobalOptions.Data)),
            Listen = line.GetValue(Port) is { } port ? WithPort(line, port) : line.GetValue(Listen)!,
            DefaultArtifactRoot = line.GetValue(DefaultArtifactRoot),
            ArtifactsDestination = line.GetValue(ArtifactsDestination),
            MlflowStrict = line.GetValue(MlflowStrict),
            WebhookHosts = Parts(line.GetValue(WebhookHosts)),
            TrustedProxies = Parts(line.GetValue(TrustedProxy)),
            DefaultPermission = ReadPermission(line.GetValue(DefaultPermission)!),
            ApiKey = Environment.GetEnvironmentVariable("CAIRN_API_KEY"),
        };
        await using var server = await StartAsync(options);
        Announce(server, options, CairnProgram.WantsJson(line));
        var worker = line.GetValue(Worker) ? WorkerCommand.WorkWithinAsync(program, server.Address, options.DataFolder, options.ApiKey) : Task.CompletedTask;
        await CairnServer.WaitForShutdownAsync(program.Interrupts.Stop);
        await worker;
        return ExitCodes.Ok;
    }

    private static string[] Parts(string[]? lists) =>
        [.. (lists ?? []).SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    private static Permission ReadPermission(string word)
    {
        try
        {
            return PermissionNames.Parse(word.ToUpperInvariant(), "--default-permission");
        }
        catch (CairnException fault)
        {
            throw new UsageException($"--default-permission: {fault.Message}.");
        }
    }

    private static string WithPort(ParseResult line, int port)
    {
        var listen = line.GetValue(Listen)!;
        if (port is < 0 or > ushort.MaxValue)
        {
            throw new UsageException($"--port {port} is not a port. Give a number from 0 to {ushort.MaxValue}.");
        }

        // "HOST" alone is enough beside a port.
        var colon = listen.LastIndexOf(':');
        var host = colon > listen.LastIndexOf(']') ? listen[..colon] : listen;
        return FormattableString.Invariant($"{host}:{port}");
    }

    private async Task<CairnServer> StartAsync(CairnServerOptions options)
    {
        try
        {
            return await CairnServer.StartAsync(options, program.Interrupts.Stop);
        }
        catch (CairnException) when (ServerSession.IsHeld(options.DataFolder) && Beacon.Read(options.DataFolder) is { } beacon)
        {
            throw new CairnException(
                ErrorCode.Conflict,
                $"A server already runs on {options.DataFolder}: {beacon.Url} (process {beacon.ProcessId}). Use that one, or choose another folder with --data.");
        }
    }

    private void Announce(CairnServer server, CairnServerOptions options, bool json)
    {
        var url = server.Address.AbsoluteUri.TrimEnd('/');
        if (json)
        {
            program.Terminal.WriteJson(
                new ServerReport(url, options.DataFolder, Environment.ProcessId, VersionCommand.Version), CliJson.Default.ServerReport);
            return;
        }

        var ink = program.Terminal.Ink;
        program.Terminal.WriteLine($"{ink.Bold("Cairn")} {VersionCommand.Version}");
        program.Terminal.WriteLine($"  {ink.Dim("pages")}  {ink.Accent(url)}");
        program.Terminal.WriteLine($"  {ink.Dim("data")}   {options.DataFolder}");
        program.Terminal.WriteLine($"  {ink.Dim("key")}    {(string.IsNullOrEmpty(options.ApiKey) ? "none: this machine only" : "CAIRN_API_KEY")}");
        program.Terminal.WriteLine($"  {ink.Dim("stop")}   Ctrl-C");
    }
}
