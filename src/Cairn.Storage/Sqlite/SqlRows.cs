using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Sqlite;

/// <summary>Reading columns that may be null.</summary>
internal static class SqlRows
{
    public static string? Text(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? Long(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static int? Int(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    /// <summary>SQLite cannot hold NaN: a null stands for it.</summary>
    public static double NumberOrNan(this SqliteDataReader row, int column) => row.IsDBNull(column) ? double.NaN : row.GetDouble(column);

    public static object? OrNull(this double value) => double.IsNaN(value) ? null : value;
}
