using System.Text;

namespace Cairn.Cli.Output;

/// <summary>Columns of text under headings. On a terminal it fits the width; elsewhere nothing is cut.</summary>
internal sealed class Table(params string[] headings)
{
    private const int Gap = 2;
    private readonly List<Cell[]> _rows = [];
    private readonly HashSet<int> _right = [];

    /// <summary>A text and how it is painted once its width is known; null paints nothing.</summary>
    public readonly record struct Cell(string Text, Func<string, string>? Paint)
    {
        public static implicit operator Cell(string? text) => new(TextWidth.Safe(text ?? ""), null);
    }

    public int Count => _rows.Count;

    public static Cell Painted(string? text, Func<string, string> paint) => new(TextWidth.Safe(text ?? ""), paint);

    /// <summary>Numbers stand better to the right.</summary>
    public Table RightAlign(params int[] columns)
    {
        _right.UnionWith(columns);
        return this;
    }

    public void Add(params Cell[] cells) => _rows.Add(cells);

    /// <param name="ink">Colours of the headings.</param>
    /// <param name="width">Cells of a line, or null for endless ones.</param>
    public string Render(Ink ink, int? width)
    {
        var widths = Fit(width);
        var text = new StringBuilder();
        AppendLine(text, widths, headings.Select(heading => new Cell(heading, ink.Dim)).ToArray());
        foreach (var row in _rows)
        {
            AppendLine(text, widths, row);
        }

        return text.ToString();
    }

    private int[] Fit(int? limit)
    {
        var widths = headings.Select((heading, column) =>
            _rows.Select(row => TextWidth.Of(row[column].Text)).Append(TextWidth.Of(heading)).Max()).ToArray();
        while (limit is { } most && widths.Sum() + (Gap * (widths.Length - 1)) > most)
        {
            // The widest gives way, one cell at a time, so that short columns stay whole.
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= 8)
            {
                break;
            }

            widths[widest]--;
        }

        return widths;
    }

    private void AppendLine(StringBuilder text, int[] widths, Cell[] cells)
    {
        var start = text.Length;
        for (var column = 0; column < cells.Length; column++)
        {
            var (content, paint) = cells[column];
            var shown = TextWidth.Cut(content, widths[column]);
            var padding = new string(' ', Math.Max(0, widths[column] - TextWidth.Of(shown)));
            var painted = paint is null ? shown : paint(shown);
            text.Append(column > 0 ? new string(' ', Gap) : "").Append(_right.Contains(column) ? padding + painted : painted + padding);
        }

        while (text.Length > start && text[^1] == ' ')
        {
            text.Length--;
        }

        text.Append('\n');
    }
}
