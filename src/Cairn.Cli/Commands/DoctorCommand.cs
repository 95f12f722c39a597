using System.CommandLine;
using Cairn.Cli.Doctor;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn doctor</c>.</summary>
internal sealed class DoctorCommand(CairnProgram program)
{
    public Command Create()
    {
        var command = new CairnCommand(
            "doctor",
            "Check that all Cairn needs is there, and say what to do where it is not.",
            "cairn doctor  # ✔ fine, – optional and absent, ✘ to be mended; fails if there is a ✘");
        command.SetAction((line, _) => CheckAsync(line));
        return command;
    }

    private async Task<int> CheckAsync(ParseResult line)
    {
        var checks = await new Checkup(line.GetValue(GlobalOptions.Url), line.GetValue(GlobalOptions.Data), program.Interrupts.Stop).RunAsync();
        var healthy = checks.All(check => check.Status != "failed");
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new DoctorReport(healthy, checks), CliJson.Default.DoctorReport);
        }
        else
        {
            Show(checks);
        }

        return healthy ? ExitCodes.Ok : ExitCodes.RunFailed;
    }

    private void Show(IReadOnlyList<CheckReport> checks)
    {
        var ink = program.Terminal.Ink;
        var width = checks.Max(check => TextWidth.Of(check.Name)) + 2;
        foreach (var check in checks)
        {
            var sign = check.Status switch
            {
                "ok" => ink.Good("✔"),
                "absent" => ink.Dim("–"),
                _ => ink.Bad("✘"),
            };
            program.Terminal.WriteLine($"{sign} {check.Name.PadRight(width)}{check.Finding}");
            if (check.Remedy is not null)
            {
                program.Terminal.WriteLine($"{new string(' ', width + 2)}{ink.Dim(check.Remedy)}");
            }
        }
    }
}
