using System.CommandLine;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn gc</c>.</summary>
internal sealed class GcCommand(CairnProgram program)
{
    private static readonly Option<string> OlderThan = new("--older-than")
    {
        Description = "Only what has been deleted for so long, as in 12h or 30d; 0 for everything that is deleted (default: 30d)",
        HelpName = "TIME",
        DefaultValueFactory = _ => "30d",
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only say what would be removed" };

    public Command Create()
    {
        var command = new CairnCommand(
            "gc",
            "Remove deleted runs and experiments for good, and the files that nothing needs any more.",
            "cairn gc --dry-run",
            "cairn gc --older-than 0  # empties the bin")
        {
            OlderThan, DryRun,
        };
        command.SetAction((line, _) => CollectAsync(line));
        return command;
    }

    private async Task<int> CollectAsync(ParseResult line)
    {
        var text = line.GetValue(OlderThan)!;
        var olderThan = text == "0" ? TimeSpan.Zero : TimeText.Parse(text, "--older-than")!.Value;
        await using var session = await program.ConnectAsync(line);
        var report = await session.Client.CollectGarbageAsync(olderThan, line.GetValue(DryRun), program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(report, CairnJson.Default.GarbageReport);
            return ExitCodes.Ok;
        }

        var verb = report.DryRun ? "Would remove" : "Removed";
        var files = report.BlobBytes + report.UploadBytes + report.PlainBytes;
        var uploads = report.Uploads == 0 ? "" : $", {Count(report.Uploads, "upload")} that nobody goes on with";
        program.Terminal.WriteLine(
            $"{verb} {Count(report.Runs, "run")}, {Count(report.Experiments, "experiment")}{uploads} and {Count(report.Blobs + report.PlainFiles, "file content")}: {Shown.Size(files)} of files"
            + (report.DryRun ? "." : $" and {Shown.Size(report.DatabaseBytes)} of the database ({files + report.DatabaseBytes:#,0} bytes)."));
        return ExitCodes.Ok;
    }

    private static string Count(int count, string word) => $"{count:#,0} {word}{(count == 1 ? "" : "s")}";
}
