using System.Text;
using Cairn.Cli.Output;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands;

/// <summary>Runs below those that started them, as text.</summary>
internal static class RunTreeText
{
    private const string Reason = "cairn.step.reason";

    /// <param name="rows">Runs in any order. One whose parent is not among them stands at the left.</param>
    /// <param name="ink">Colours.</param>
    public static string Of(IReadOnlyList<RunRow> rows, Ink ink)
    {
        var known = rows.Select(row => row.Run.Id).ToHashSet(StringComparer.Ordinal);
        var below = rows.Where(row => row.Run.ParentId is { } parent && known.Contains(parent)).ToLookup(row => row.Run.ParentId, StringComparer.Ordinal);
        var text = new StringBuilder();
        var name = rows.Max(row => Math.Min(40, TextWidth.Of(row.Run.Name) + (2 * Depth(row, rows))));

        void Add(RunRow row, string lead, string indent)
        {
            var run = row.Run;
            var shown = TextWidth.Safe(run.Name);
            text.Append(ink.Accent(run.Id[..8])).Append("  ").Append(ink.Dim(lead)).Append(shown)
                .Append(' ', Math.Max(0, name - TextWidth.Of(lead) - TextWidth.Of(shown))).Append("  ")
                .Append(ink.Status(run.Status)).Append(' ', Math.Max(0, 8 - run.Status.Length)).Append("  ")
                .Append(RunsCommand.Took(run).PadLeft(10));
            if (Remark(row) is { Length: > 0 } remark)
            {
                text.Append("  ").Append(ink.Dim(TextWidth.Safe(remark)));
            }

            text.Append('\n');
            var children = below[run.Id].OrderBy(child => child.Run.StartedAt).ToArray();
            for (var i = 0; i < children.Length; i++)
            {
                var last = i == children.Length - 1;
                Add(children[i], $"{indent}{(last ? "└ " : "├ ")}", $"{indent}{(last ? "  " : "│ ")}");
            }
        }

        foreach (var root in rows.Where(row => row.Run.ParentId is not { } parent || !known.Contains(parent)).OrderByDescending(row => row.Run.StartedAt))
        {
            Add(root, "", "");
        }

        return text.ToString();
    }

    private static int Depth(RunRow row, IReadOnlyList<RunRow> rows)
    {
        var depth = 0;
        for (var at = row; at is not null && depth < 20; depth++)
        {
            at = rows.FirstOrDefault(other => other.Run.Id == at.Run.ParentId);
        }

        return depth - 1;
    }

    /// <summary>What it is, where its name does not say so, and why it ran.</summary>
    private static string Remark(RunRow row)
    {
        var component = row.Tags.GetValueOrDefault("cairn.step.name") ?? row.Run.JobType;
        var parts = new[] { component == row.Run.Name ? null : component, row.Tags.GetValueOrDefault(Reason) };
        return string.Join(": ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }
}
