using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Storage.Sqlite;

/// <summary>
/// A statement stepped through without a reader in between: where thousands of rows, or a hundred thousand index entries,
/// are read for one answer, the reader would cost more than SQLite does.
/// </summary>
internal sealed class SqlCursor : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly nint rows;

    public SqlCursor(sqlite3 database, string sql, ReadOnlySpan<object?> arguments)
    {
        this.database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));

        // Owned by the safe handle, which lives as long as this; going through it for each column costs more than the column.
        rows = statement.DangerousGetHandle();
        for (var i = 0; i < arguments.Length; i++)
        {
            // A statement may use fewer arguments than were collected for it.
            var index = raw.sqlite3_bind_parameter_index(statement, string.Create(CultureInfo.InvariantCulture, $"@{i + 1}"));
            if (index > 0)
            {
                Check(Bind(index, arguments[i]));
            }
        }
    }

    public bool Read()
    {
        var result = SqliteNative.Step(rows);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        Check(result == raw.SQLITE_DONE ? raw.SQLITE_OK : result);
        return false;
    }

    public bool IsNull(int column) => SqliteNative.ColumnType(rows, column) == raw.SQLITE_NULL;

    public long Whole(int column) => SqliteNative.ColumnInt64(rows, column);

    public double Number(int column) => SqliteNative.ColumnDouble(rows, column);

    /// <summary>SQLite cannot hold NaN: a null stands for it.</summary>
    public double NumberOrNan(int column) => IsNull(column) ? double.NaN : Number(column);

    /// <summary>The bytes of a text, valid until the next row.</summary>
    public unsafe ReadOnlySpan<byte> Text(int column)
    {
        var bytes = SqliteNative.ColumnText(rows, column);
        return new ReadOnlySpan<byte>(bytes, SqliteNative.ColumnBytes(rows, column));
    }

    /// <summary>A text that is not null.</summary>
    public string String(int column) => Encoding.UTF8.GetString(Text(column));

    public void Dispose() => statement.Dispose();

    private int Bind(int index, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, index),
        string text => raw.sqlite3_bind_text(statement, index, text),
        long whole => raw.sqlite3_bind_int64(statement, index, whole),
        int whole => raw.sqlite3_bind_int64(statement, index, whole),
        double number => raw.sqlite3_bind_double(statement, index, number),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "Arguments of searches are texts and numbers."),
    };

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw new SqliteException(raw.sqlite3_errmsg(database).utf8_to_string(), result);
        }
    }
}
