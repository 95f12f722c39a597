using System.CommandLine;
using Cairn.Cli.Commands.Promotion;
using Cairn.Cli.Commands.Running;
using Cairn.Cli.Parsing;
using Cairn.Projects;
using Cairn.Projects.Pipelines;

namespace Cairn.Cli.Commands.Pipelines;

/// <summary><c>cairn check</c>: every mistake that can be found before anything runs.</summary>
internal sealed class CheckCommand(CairnProgram program)
{
    private static readonly Argument<string> Folder = new("folder") { Description = "A project or a pipeline: a folder, or a git address or zip file ('#folder' names a folder in it)", DefaultValueFactory = _ => "." };

    public Command Create()
    {
        var command = new CairnCommand("check", "Find mistakes in a project or pipeline before anything runs.", "cairn check", "cairn check samples/weather", "cairn check https://github.com/me/weather.git#pipeline -v v1.2") { Folder, RunOptions.Version, new ReportCheckCommand(program).Create() };
        command.SetAction((line, _) => CheckAsync(line));
        return command;
    }

    private async Task<int> CheckAsync(ParseResult line)
    {
        using var fetched = await PipelinePlace.FetchAsync(program, line.GetValue(Folder)!, line.GetValue(RunOptions.Version));
        var path = fetched?.Folder ?? line.GetValue(Folder)!;
        var (terminal, ink) = (program.Terminal, program.Terminal.Ink);
        if (PipelineFile.Find(path) is null)
        {
            var project = ProjectFile.Open(path);
            foreach (var note in project.Notes)
            {
                terminal.WriteLine($"{ink.Warn("note")}  {note}");
            }

            terminal.WriteLine($"{ink.Good("✔")} {project.Name}: {project.EntryPoints.Count} entry points");
            return ExitCodes.Ok;
        }

        await using var session = await program.ConnectAsync(line);
        var pipeline = PipelineFile.Open(path);
        var findings = await new PipelineCheck(pipeline, session.Client).FindAsync(program.Interrupts.Stop);
        foreach (var note in pipeline.Notes)
        {
            terminal.WriteLine($"{ink.Warn("note")}  {note}");
        }

        foreach (var finding in findings)
        {
            terminal.WriteLine($"{(finding.IsFault ? ink.Bad("✘") : ink.Warn("note "))} {finding.Finding}");
        }

        var faults = findings.Count(finding => finding.IsFault);
        terminal.WriteLine(faults == 0
            ? $"{ink.Good("✔")} {pipeline.Name}: {pipeline.Steps.Count} steps"
            : $"{ink.Bad("✘")} {pipeline.Name}: {faults} {(faults == 1 ? "fault" : "faults")}");
        return faults == 0 ? ExitCodes.Ok : ExitCodes.Usage;
    }
}
