using System.Text.Json;
using Cairn.Cli.Output;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands;

/// <summary>A run as a page of text.</summary>
internal sealed class RunPrinter(Terminal terminal)
{
    private const string Checks = "checks.";

    private Ink Ink => terminal.Ink;

    /// <param name="run">The run.</param>
    /// <param name="page">Its web page, or null where no server outlives this command.</param>
    public void Print(RunDetail run, Uri? page)
    {
        var info = run.Run;
        terminal.WriteLine($"{Ink.Bold(TextWidth.Safe(info.Name))}  {Ink.Status(info.Status)}{(info.State == "deleted" ? Ink.Bad("  deleted") : "")}");
        Facts(
            ("id", info.Id),
            ("experiment", info.ExperimentName),
            ("job", info.JobType),
            ("author", info.Author),
            ("started", Shown.Time(info.StartedAt)),
            ("took", RunsCommand.Took(info)),
            ("source", run.Tags.GetValueOrDefault("mlflow.source.name")),
            ("commit", run.Tags.GetValueOrDefault("mlflow.source.git.commit")),
            ("error", run.Tags.GetValueOrDefault("cairn.error")),
            ("trigger", run.Tags.GetValueOrDefault("cairn.trigger") is { } trigger ? $"{trigger}: {run.Tags.GetValueOrDefault("cairn.trigger.cause")}" : null),
            ("part of", run.Parent is { } parent ? $"{parent.Name} ({parent.Id[..8]})" : null),
            ("page", page?.AbsoluteUri),
            ("log", run.LogLines > 0 ? $"{run.LogLines} lines: cairn runs show {info.Id[..8]} --logs" : null));
        Pairs("Parameters", run.Params.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, Text(pair.Value))));
        Pairs("Metrics", run.Metrics.Select(metric => (metric.Key, Shown.Number(metric.Value))));
        Pairs("Summary", run.Summary.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, Text(pair.Value))));
        Versions("Used", run.Inputs);
        Versions("Logged", run.Outputs);
        Pairs("Checks", run.Tags.Where(tag => tag.Key.StartsWith(Checks, StringComparison.Ordinal)).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key[Checks.Length..], pair.Value)));
        Pairs("Tags", run.Tags.Where(tag => !tag.Key.StartsWith("mlflow.", StringComparison.Ordinal) && !tag.Key.StartsWith(Checks, StringComparison.Ordinal) && tag.Key != "cairn.error")
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
        Children(run.Children);
    }

    private void Facts(params (string Name, string? Value)[] facts)
    {
        foreach (var (name, value) in facts)
        {
            if (!string.IsNullOrEmpty(value))
            {
                terminal.WriteLine($"  {Ink.Dim(name.PadRight(11))}{TextWidth.Safe(value)}");
            }
        }
    }

    private void Pairs(string title, IEnumerable<(string Name, string Value)> pairs)
    {
        var all = pairs.ToArray();
        if (all.Length == 0)
        {
            return;
        }

        terminal.WriteLine($"\n{Ink.Bold(title)}");
        var width = Math.Min(40, all.Max(pair => TextWidth.Of(pair.Name))) + 2;
        foreach (var (name, value) in all)
        {
            var padding = new string(' ', Math.Max(2, width - TextWidth.Of(name)));
            var shown = TextWidth.Safe(value);
            terminal.WriteLine($"  {Ink.Dim(TextWidth.Safe(name))}{padding}{(terminal.Width is { } room ? TextWidth.Cut(shown, Math.Max(20, room - width - 4)) : shown)}");
        }
    }

    private void Versions(string title, IReadOnlyList<LineageUse> uses)
    {
        if (uses.Count == 0)
        {
            return;
        }

        terminal.WriteLine($"\n{Ink.Bold(title)}");
        foreach (var use in uses)
        {
            var version = use.Version;
            var asked = use.UsedAs is { } name && name != $"{version.Name}:{version.Version}" ? $" as {name}" : "";
            terminal.WriteLine($"  {Ink.Accent($"{version.Name}:{version.Version}")}{Ink.Dim($"  {version.Type}, {Shown.Size(version.Size)}{asked}")}");
        }
    }

    private void Children(IReadOnlyList<RunInfo> children)
    {
        if (children.Count == 0)
        {
            return;
        }

        terminal.WriteLine($"\n{Ink.Bold("Started")}");
        var table = new Table("RUN", "NAME", "JOB", "STATUS", "TOOK");
        foreach (var child in children)
        {
            table.Add(Table.Painted(child.Id[..8], Ink.Accent), child.Name, child.JobType, Table.Painted(child.Status, Ink.Status), RunsCommand.Took(child));
        }

        terminal.WriteTable(table);
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
