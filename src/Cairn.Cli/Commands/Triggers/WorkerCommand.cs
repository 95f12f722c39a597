using System.CommandLine;
using Cairn.Cli.Hosting;
using Cairn.Cli.Parsing;
using Cairn.Cli.Running;
using Cairn.Client;
using Cairn.Projects.Pipelines.Jobs;
using Cairn.Projects.Pipelines.Running;
using Cairn.Server.Hosting;

namespace Cairn.Cli.Commands.Triggers;

/// <summary><c>cairn worker</c>: carries out what triggers set going. The server itself starts nothing.</summary>
internal sealed class WorkerCommand(CairnProgram program)
{
    private static readonly Option<string?> Name = new("--name") { Description = "By which name people know it (default: machine and process)", HelpName = "NAME" };
    private static readonly Option<int> Slots = new("--slots") { Description = "Jobs at once (default: 1)", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> UntilIdle = new("--until-idle") { Description = "End when there is nothing to do" };
    private static readonly Option<int> Lease = new("--lease") { Description = "Seconds of silence after which its job is given to another (default: 60)", HelpName = "SECONDS", DefaultValueFactory = _ => 60 };

    public Command Create()
    {
        var command = new CairnCommand(
            "worker",
            "Carry out the jobs that triggers leave on a server.",
            "cairn worker  # for the server of CAIRN_URL, or on the data folder",
            "cairn worker --url http://ml:5080 --slots 2")
        {
            Name, Slots, UntilIdle, Lease,
        };
        command.SetAction((line, _) => WorkAsync(line));
        return command;
    }

    private async Task<int> WorkAsync(ParseResult line)
    {
        var (slots, lease) = (line.GetValue(Slots), line.GetValue(Lease));
        if (slots is < 1 or > 64)
        {
            throw new UsageException("--slots must be between 1 and 64.");
        }

        if (lease is < 5 or > 3600)
        {
            throw new UsageException("--lease must be between 5 and 3600 seconds.");
        }

        await using var session = await program.ConnectAsync(line);
        var cli = CliPath.Find();
        var options = Options(program, cli, session.CommandAfterDeath(cli)) with { Slots = slots, UntilIdle = line.GetValue(UntilIdle), Lease = TimeSpan.FromSeconds(lease) };
        options = line.GetValue(Name) is { Length: > 0 } name ? options with { Name = name } : options;
        program.Terminal.Say(program.Terminal.ErrorInk.Dim($"{options.Name} works for {session.Client.Url.AbsoluteUri.TrimEnd('/')} (Ctrl-C ends it)"));
        await new JobWorker(session.Client, options).RunAsync(program.Interrupts.Stop, program.Interrupts.Force);
        return ExitCodes.Ok;
    }

    /// <summary>A worker within a server's process, for one machine that does everything.</summary>
    public static async Task WorkWithinAsync(CairnProgram program, Uri server, string folder, string? key)
    {
        using var client = new CairnClient(new CairnClientOptions { Url = server, ApiKey = key ?? OperatorKey.Read(folder) });
        var cli = CliPath.Find();
        await new JobWorker(client, Options(program, cli, ServerSession.CommandAfterDeath(cli, ["--data", folder]))).RunAsync(program.Interrupts.Stop, program.Interrupts.Force);
    }

    private static JobWorkerOptions Options(CairnProgram program, string? cli, Func<string, IReadOnlyList<string>>? afterOurDeath)
    {
        void Tell(string text) => program.Terminal.Say($"{program.Terminal.ErrorInk.Dim("worker")} {Output.TextWidth.Safe(text)}");
        return new JobWorkerOptions
        {
            Tell = Tell,
            Pipelines = new PipelineOptions { CliPath = cli, AfterOurDeath = afterOurDeath, Remark = Tell },
        };
    }
}
