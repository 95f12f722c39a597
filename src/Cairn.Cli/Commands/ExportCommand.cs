using System.CommandLine;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Migration;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn export</c>.</summary>
internal sealed class ExportCommand(CairnProgram program)
{
    private static readonly Argument<string> Folder = new("folder") { Description = "Where to; made where it is missing", HelpName = "DIR" };

    public Command Create()
    {
        var command = new CairnCommand(
            "export",
            "Write everything the server holds into a folder that 'cairn import' reads.",
            "cairn export ./backup")
        {
            Folder,
        };
        command.SetAction((line, _) => ExportAsync(line));
        return command;
    }

    private async Task<int> ExportAsync(ParseResult line)
    {
        var folder = Path.GetFullPath(line.GetValue(Folder)!);
        await using var session = await program.ConnectAsync(line);
        ExportReport report;
        using (var bar = new CountBar(program.Terminal, "exporting"))
        {
            report = await new RunExport(session.Client, folder, bar).RunAsync(program.Interrupts.Stop);
        }

        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(report, CliJson.Default.ExportReport);
        }
        else
        {
            program.Terminal.WriteLine($"Exported {report.Runs:#,0} runs of {report.Experiments:#,0} experiments and {report.Things:#,0} artifacts, models, traces and others to {folder}; {report.Files:#,0} files fetched ({Shown.Size(report.Bytes)}).");
        }

        return ExitCodes.Ok;
    }
}
