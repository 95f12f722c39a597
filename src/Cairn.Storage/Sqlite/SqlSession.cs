using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Storage.Sqlite;

/// <summary>
/// A connection with its prepared statements. Parameters are positional: <c>@1</c>, <c>@2</c> … Used by one caller at a
/// time.
/// </summary>
internal sealed class SqlSession(SqliteConnection connection) : IDisposable
{
    /// <summary>Statements built for one search are many and seldom the same; beyond this many they are not kept.</summary>
    private const int KeptStatements = 256;

    private readonly Dictionary<string, SqliteCommand> statements = new(StringComparer.Ordinal);

    /// <summary>So many steps of SQLite's machine are a few milliseconds.</summary>
    private const int StepsBetweenLooks = 50_000;

    private CancellationToken ending;
    private bool isWatched;

    // Rows that are being read may ask for others: their statement must not be thrown away meanwhile.
    private int reading;

    /// <summary>From now on, statements end with an error when the token is cancelled.</summary>
    public void EndWith(CancellationToken cancellationToken)
    {
        ending = cancellationToken;
        if (!isWatched && cancellationToken.CanBeCanceled)
        {
            isWatched = true;
            raw.sqlite3_progress_handler(connection.Handle!, StepsBetweenLooks, static session => ((SqlSession)session).ending.IsCancellationRequested ? 1 : 0, this);
        }
    }

    public int Execute(string sql, params ReadOnlySpan<object?> arguments)
    {
        var command = Bind(sql, arguments);
        return command.ExecuteNonQuery();
    }

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> arguments) =>
        QueryWhile(sql, map, static _ => true, arguments);

    /// <summary>Rows up to and without the first for which <paramref name="goOn"/> is false; the rest is not read.</summary>
    public List<T> QueryWhile<T>(string sql, Func<SqliteDataReader, T> map, Func<T, bool> goOn, params ReadOnlySpan<object?> arguments)
    {
        var rows = new List<T>();
        using var reader = Bind(sql, arguments).ExecuteReader();
        reading++;
        try
        {
            while (reader.Read())
            {
                var row = map(reader);
                if (!goOn(row))
                {
                    break;
                }

                rows.Add(row);
            }
        }
        finally
        {
            reading--;
        }

        return rows;
    }

    /// <summary>The first row, or the default where there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Bind(sql, arguments).ExecuteReader();
        reading++;
        try
        {
            return reader.Read() ? map(reader) : default;
        }
        finally
        {
            reading--;
        }
    }

    /// <summary>Adds a function of two texts to the language; a null argument makes it false.</summary>
    public void AddFunction(string name, Func<string, string, bool> function) =>
        connection.CreateFunction(name, (string? left, string? right) => left is not null && right is not null && function(left, right), isDeterministic: true);

    /// <summary>The rows one after the other; the caller disposes the cursor.</summary>
    public SqlCursor Walk(string sql, params ReadOnlySpan<object?> arguments) => new(connection.Handle!, sql, arguments);

    public long Number(string sql, params ReadOnlySpan<object?> arguments) =>
        Convert.ToInt64(Bind(sql, arguments).ExecuteScalar(), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!statements.TryGetValue(sql, out var command))
        {
            if (statements.Count >= KeptStatements && reading == 0)
            {
                foreach (var old in statements.Values)
                {
                    old.Dispose();
                }

                statements.Clear();
            }

            command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are texts of this project; whatever came from outside is a parameter.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 0; i < arguments.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"@{i + 1}") });
            }

            statements.Add(sql, command);
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            command.Parameters[i].Value = arguments[i] ?? DBNull.Value;
        }

        return command;
    }
}
