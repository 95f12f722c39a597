namespace Cairn.Storage.Archives;

/// <summary>A table whose rows are things, or parts of them: how they become JSON and rows again.</summary>
/// <param name="Field">Name of the list in its owner; of the kind, at the top.</param>
/// <param name="Table">The table.</param>
/// <param name="Key">The column that parts refer to, or null where there are none.</param>
/// <param name="Owner">The column that refers to the owner's key; null at the top.</param>
/// <param name="Columns">Its fields.</param>
/// <param name="Order">An order of the rows that does not depend on when they were written here.</param>
internal sealed record ArchiveTable(string Field, string Table, string? Key, string? Owner, IReadOnlyList<ArchiveColumn> Columns, string Order)
{
    /// <summary>Condition of the rows that are taken.</summary>
    public string Where { get; init; } = "1";

    /// <summary>Columns with a value of their own in every row.</summary>
    public IReadOnlyList<(string Column, string Value)> Constants { get; init; } = [];

    /// <summary>Fields by which a thing, or a part of one that is there already, is known; empty where parts only come with a new owner.</summary>
    public IReadOnlyList<string> Identity { get; init; } = [];

    /// <summary>A part that is there already is passed over, instead of being a fault.</summary>
    public bool PassOver { get; init; }

    public IReadOnlyList<ArchiveTable> Parts { get; init; } = [];

    /// <summary>Columns in the order of <see cref="Columns"/>, then the key.</summary>
    public string Select =>
        $"SELECT {string.Join(", ", Columns.Select(column => column.Column).Append(Key ?? "0"))} FROM {Table} WHERE {Where}";

    /// <summary>Parameters are the fields in their order, then the owner's key.</summary>
    public string Insert
    {
        get
        {
            var written = Columns.Select((column, i) => (Column: column, Number: i + 1)).Where(one => one.Column.Write != "").ToList();
            var names = written.Select(one => one.Column.Target ?? one.Column.Column).Concat(Constants.Select(one => one.Column));
            var values = written.Select(one => Expression(one.Column, one.Number)).Concat(Constants.Select(one => one.Value));
            if (Owner is not null)
            {
                names = names.Append(Owner);
                values = values.Append($"@{Columns.Count + 1}");
            }

            return $"INSERT {(PassOver ? "OR IGNORE " : "")}INTO {Table} ({string.Join(", ", names)}) VALUES ({string.Join(", ", values)})"
                + (Key is null ? "" : $" RETURNING {Key}");
        }
    }

    /// <summary>Finds the key, or 0, of a row by its identity; parameters as in <see cref="Insert"/>.</summary>
    public string FindByIdentity
    {
        get
        {
            var conditions = Identity.Select(name => Columns.Select((column, i) => (column, i)).First(one => one.column.Field == name))
                .Select(one => $"{one.column.Target ?? one.column.Column} = @{one.i + 1}");
            return $"SELECT {Key ?? "0"} FROM {Table} WHERE {string.Join(" AND ", Owner is null ? conditions : conditions.Append($"{Owner} = @{Columns.Count + 1}"))}";
        }
    }

    private string Expression(ArchiveColumn column, int number)
    {
        var text = column.Write ?? ":value";
        for (var i = Columns.Count - 1; i >= 0; i--)
        {
            text = text.Replace($":{Columns[i].Field}:", $"@{i + 1}", StringComparison.Ordinal);
        }

        return text.Replace(":value", $"@{number}", StringComparison.Ordinal).Replace(":owner", $"@{Columns.Count + 1}", StringComparison.Ordinal);
    }
}
