using System.CommandLine;
using Cairn.Cli.Hosting;
using Cairn.Cli.Running;
using Cairn.Client.Wire;
using Cairn.Projects;
using Cairn.Projects.Processes;
using Cairn.Projects.Running;

namespace Cairn.Cli.Commands.Running;

/// <summary>
/// <c>--no-wait</c>: makes the run's record, so that there is something to look at, and hands it over to a second
/// <c>cairn run</c> in a session of its own.
/// </summary>
internal sealed class DetachedRun(CairnProgram program)
{
    public async Task<int> StartAsync(ParseResult line, ServerSession session, BoundEntryPoint bound, ProjectRunOptions options)
    {
        var cli = CliPath.Find() ?? throw new UsageException("--no-wait is not possible: the program 'cairn' is not found. Build it first.");
        // This process may end: the second one guards the record.
        var run = await new ProjectRunner(session.Client).CreateAsync(
            bound, options with { AfterOurDeath = null, Tags = new Dictionary<string, string>(StringComparer.Ordinal) { [RunTags.Detached] = "true" } }, program.Interrupts.Stop);
        if (options.Source?.Origin is not null && Directory.Exists(options.Source.Folder))
        {
            // The second one fetches again: ours is removed when we end.
            program.Terminal.Say(program.Terminal.ErrorInk.Dim("the project is fetched again by the run itself"));
        }

        var arguments = line.Tokens.Select(token => token.Value).Where(word => word is not ("--no-wait" or "--json")).ToList();
        if (options.RunId is null)
        {
            arguments.AddRange(["--run-id", run.Run.Id]);
        }

        ChildProcess.StartDetached(cli, arguments, Environment.CurrentDirectory);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(run.Run, CairnJson.Default.RunInfo);
        }
        else
        {
            program.Terminal.WriteLine(run.Run.Id);
            program.Terminal.Say(program.Terminal.ErrorInk.Dim($"  started; cairn runs show {run.Run.Id[..8]} --logs"));
        }

        return ExitCodes.Ok;
    }
}
