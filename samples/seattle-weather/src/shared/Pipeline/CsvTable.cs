using System.Text;

namespace SeattleWeather;

/// <summary>A CSV file as it is: named columns of text. An empty cell is a missing value.</summary>
public sealed record CsvTable(IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows)
{
    /// <summary>Reads a file. Short rows are filled with missing values; a row that is too long is refused.</summary>
    public static CsvTable Read(string path)
    {
        using var reader = new StreamReader(path);
        return Read(reader, Path.GetFileName(path));
    }

    /// <summary>Reads CSV text; <paramref name="name"/> is what messages call it.</summary>
    public static CsvTable Read(TextReader reader, string name)
    {
        var header = reader.ReadLine();
        if (string.IsNullOrWhiteSpace(header))
        {
            throw new StopException($"{name} is empty: it has no header line.");
        }

        var columns = Cells(header);
        var rows = new List<string[]>();
        for (var number = 2; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var cells = Cells(line);
            if (cells.Length > columns.Length)
            {
                throw new StopException($"{name}, line {number}: {cells.Length} cells, but the header names {columns.Length}.");
            }

            Array.Resize(ref cells, columns.Length);
            rows.Add([.. cells.Select(cell => cell ?? "")]);
        }

        return new CsvTable(columns, rows);
    }

    /// <summary>Writes the table with a header line and Unix line ends, so that equal tables are equal files.</summary>
    public void Write(string path)
    {
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', Columns.Select(Quoted)));
        foreach (var row in Rows)
        {
            writer.WriteLine(string.Join(',', row.Select(Quoted)));
        }
    }

    /// <summary>Position of a column, or -1.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == column)
            {
                return i;
            }
        }

        return -1;
    }

    private static string[] Cells(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                cell.Append('"');
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        cells.Add(cell.ToString());
        return [.. cells];
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(',', '"') ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
