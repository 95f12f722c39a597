using System.CommandLine;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Migration;
using Cairn.Migration.Mlflow;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn import</c>.</summary>
internal sealed class ImportCommand(CairnProgram program)
{
    private static readonly Argument<string[]> Source = new("source")
    {
        Description = "A folder that 'cairn export' wrote; or 'mlflow' and then a folder mlruns, a file mlflow.db or the address of an MLflow server",
        HelpName = "[mlflow] SOURCE",
        Arity = new ArgumentArity(1, 2),
    };

    private static readonly Option<string?> Artifacts = new("--artifacts")
    {
        Description = "Folder where an MLflow server kept the files of 'mlflow-artifacts:' addresses (default: mlartifacts beside the source)",
        HelpName = "DIR",
    };

    public Command Create()
    {
        var command = new CairnCommand(
            "import",
            "Bring in experiments and runs, with their ids, points and files. What is there already is left as it is.",
            "cairn import mlflow ./mlruns",
            "cairn import mlflow mlflow.db --artifacts ./mlartifacts",
            "cairn import mlflow http://tracking:5000  # from a running MLflow server",
            "cairn import ./backup  # what 'cairn export ./backup' wrote")
        {
            Source, Artifacts,
        };
        command.SetAction((line, _) => ImportAsync(line));
        return command;
    }

    private async Task<int> ImportAsync(ParseResult line)
    {
        await using var source = Open(line.GetValue(Source)!, line.GetValue(Artifacts));
        await using var session = await program.ConnectAsync(line);
        ImportReport report;
        using (var bar = new CountBar(program.Terminal, "importing"))
        {
            report = await new RunImport(session.Client, source, bar).RunAsync(program.Interrupts.Stop);
        }

        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(report, CliJson.Default.ImportReport);
        }
        else
        {
            program.Terminal.WriteLine(
                $"Imported {report.Runs:#,0} runs of {report.Experiments:#,0} experiments with {report.Points:#,0} points and {report.Files:#,0} files, and {report.Things:#,0} artifacts, models, traces and others"
                + (report.Known > 0 ? $"; {report.Known:#,0} runs were there already." : "."));
        }

        return ExitCodes.Ok;
    }

    private static IRunSource Open(string[] words, string? artifacts)
    {
        if (words is ["mlflow", var source])
        {
            return Uri.TryCreate(source, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? new MlflowServer(uri)
                : Directory.Exists(source) ? new MlrunsFolder(source, artifacts)
                : File.Exists(source) ? new MlflowDatabase(source, artifacts)
                : throw new UsageException($"'{source}' is neither a folder, a file nor an address.");
        }

        return words is [var folder] && folder != "mlflow"
            ? new ExportFolder(folder)
            : throw new UsageException("Say 'cairn import FOLDER' or 'cairn import mlflow SOURCE'.");
    }
}
