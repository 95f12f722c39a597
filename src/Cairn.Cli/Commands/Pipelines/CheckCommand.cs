using System.CommandLine;
using Cairn.Cli.Commands.Promotion;
using Cairn.Cli.Commands.Running;
using Cairn.Cli.Parsing;
using Cairn.Projects;
using Cairn.Projects.Environments;
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
        if (PipelineFile.Find(path) is null)
        {
            var project = ProjectFile.Open(path);
            var found = project.Notes.Select(note => new CheckFinding(note, note.Stops)).ToList();
            if (!project.Notes.Any(note => note.Stops) && await EnvironmentCheck.FaultAsync(project, program.Interrupts.Stop) is { } missing)
            {
                found.Add(new CheckFinding(new ProjectFinding(Path.GetRelativePath(Environment.CurrentDirectory, project.File), 0, 0, null, missing.Message, missing.Suggestion), IsFault: true));
            }

            return Tell(line, project.Name, Count(project.EntryPoints.Count, "entry point"), found);
        }

        await using var session = await program.ConnectAsync(line);
        var pipeline = PipelineFile.Open(path);
        var findings = await new PipelineCheck(pipeline, session.Client).FindAsync(program.Interrupts.Stop);
        return Tell(line, pipeline.Name, Count(pipeline.Steps.Count, "step"), pipeline.Notes.Select(note => new CheckFinding(note, note.Stops)).Concat(findings));
    }

    private int Tell(ParseResult line, string name, string size, IEnumerable<CheckFinding> found)
    {
        var (terminal, ink, findings) = (program.Terminal, program.Terminal.Ink, found.ToArray());
        var faults = findings.Count(finding => finding.IsFault);
        if (CairnProgram.WantsJson(line))
        {
            terminal.WriteJson(
                new FindingsReport(name, faults == 0, [.. findings.Select(one => new FindingLine(
                    one.IsFault ? "fault" : "note", one.Finding.File, one.Finding.Line, one.Finding.Column, one.Finding.Field, one.Finding.Message, one.Finding.Suggestion))]),
                CliJson.Default.FindingsReport);
            return faults == 0 ? ExitCodes.Ok : ExitCodes.Usage;
        }

        foreach (var finding in findings)
        {
            terminal.WriteLine($"{(finding.IsFault ? ink.Bad("✘") : ink.Warn("note "))} {finding.Finding}");
        }

        terminal.WriteLine(faults == 0 ? $"{ink.Good("✔")} {name}: {size}" : $"{ink.Bad("✘")} {name}: {Count(faults, "fault")}");
        return faults == 0 ? ExitCodes.Ok : ExitCodes.Usage;
    }

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
