using System.CommandLine;
using System.Text;
using Cairn.Cli.Parsing;
using Cairn.Client;
using Cairn.Projects;
using Cairn.Projects.Binding;
using Cairn.Projects.Chains;
using Cairn.Projects.Environments;

namespace Cairn.Cli.Commands.Running;

/// <summary>
/// What the lines of <see cref="ChainHook"/> call before and after the command of a component. Prints lines for the shell.
/// A fault here must not stop a chain that would run without us.
/// </summary>
internal sealed class ComponentCommand(CairnProgram program)
{
    private static readonly Argument<string> Run = new("run") { Description = "The component's run" };
    private static readonly Argument<string> Folder = new("folder") { Description = "Where its command runs" };
    private static readonly Option<string> Line = new("--command") { Description = "Its command", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Step = new("--step") { Description = "What it is called in this execution", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> IsOver = new("--over") { Description = "The command has ended" };

    public Command Create()
    {
        var command = new CairnCommand("component", "Look whether a component has to run.") { Run, Folder, Line, Step, IsOver };
        command.Hidden = true;
        command.SetAction((line, _) => RunAsync(line));
        return command;
    }

    private async Task<int> RunAsync(ParseResult line)
    {
        var (run, folder) = (line.GetValue(Run)!, line.GetValue(Folder)!);
        try
        {
            await using var session = await program.ConnectAsync(line);
            var gate = new ComponentGate(session.Client, EnvironmentStore.Default);
            if (line.GetValue(IsOver))
            {
                await gate.NoteEndAsync(run, folder, line.GetValue(Step)!, program.Interrupts.Stop);
                return ExitCodes.Ok;
            }

            var isForced = Environment.GetEnvironmentVariable("CAIRN_NO_CACHE") is { Length: > 0 };
            if (await gate.JudgeAsync(run, folder, line.GetValue(Line)!, isForced, program.Interrupts.Stop) is { } verdict)
            {
                program.Terminal.Write(verdict.Same is { } same ? Skip(verdict, same) : Enter(verdict, run, folder));
            }
        }
        catch (Exception fault) when (fault is CairnClientException or ProjectException or UsageException or IOException or UnauthorizedAccessException)
        {
            program.Terminal.Say($"cairn: it could not be seen whether this component changed, so it runs. {fault.Message}");
        }

        return ExitCodes.Ok;
    }

    private static string Skip(ComponentVerdict verdict, string same) =>
        $"echo {ShellText.Word($"cairn: {verdict.Name} is unchanged since run {same[..8]} and is not run again")} >&2; exit 0\n";

    private static string Enter(ComponentVerdict verdict, string run, string folder)
    {
        var text = new StringBuilder();
        text.Append("echo ").Append(ShellText.Word($"cairn: {verdict.Name} runs: {verdict.Reason.ReplaceLineEndings(" ")}")).Append(" >&2\n");
        text.Append("export CAIRN_RUN_ID=").Append(ShellText.Word(run)).Append(" CAIRN_PARENT_RUN_ID=").Append(ShellText.Word(run)).Append('\n');
        if (verdict.LaunchKey is { } key)
        {
            text.Append("export WANDB_API_KEY=").Append(ShellText.Word(key)).Append(" MLFLOW_TRACKING_TOKEN=").Append(ShellText.Word(key)).Append('\n');
            text.Append("[ -z \"${CAIRN_API_KEY-}\" ] || export CAIRN_API_KEY=").Append(ShellText.Word(key)).Append('\n');
        }

        var over = $"\"$CAIRN_CLI\" env component {ShellText.Word(run)} {ShellText.Word(folder)} --step {ShellText.Word(verdict.Step)} --over >/dev/null 2>&1";
        return text.Append("trap ").Append(ShellText.Word($"cairn_code=$?; {over}; exit $cairn_code")).Append(" EXIT\n").ToString();
    }
}
