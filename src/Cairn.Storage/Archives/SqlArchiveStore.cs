using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Archives;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Archives;

/// <summary>Things in and out of SQL, as <see cref="ArchiveTables"/> says what they are made of.</summary>
internal sealed class SqlArchiveStore(SqliteDatabase database) : IArchiveStore
{
    private const int ConstraintCode = 19;

    /// <summary>The location of a version that is to be loaded from its files here.</summary>
    private const string Here = "here:";

    private static readonly Dictionary<string, string> SameNumbers = [];

    public Task<ArchivePage> ReadAsync(ArchiveKind kind, string? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var table = ArchiveTables.Of(kind);
                var offset = after is null ? 0
                    : int.TryParse(after, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
                    : throw CairnException.Invalid("after", "'after' must be what the page before said as 'next'.");
                var writer = new ArchiveWriter(session);
                var things = session.Query($"{table.Select} ORDER BY {table.Order} LIMIT @1 OFFSET @2", row => writer.Write(table, row), limit, offset);
                return new ArchivePage(
                    things,
                    writer.Contents,
                    things.Count == limit ? (offset + limit).ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
            },
            cancellationToken);

    public IReadOnlyList<ArchivedContent> ContentsOf(ArchiveKind kind, JsonElement thing)
    {
        var table = ArchiveTables.Of(kind);
        var reader = new ArchiveReader(SameNumbers);
        reader.Read(table, thing, table.Field);
        return reader.Contents;
    }

    public Task<bool> PutAsync(ArchiveKind kind, JsonElement thing, IReadOnlyDictionary<string, string> experiments, CancellationToken cancellationToken)
    {
        var table = ArchiveTables.Of(kind);
        var reader = new ArchiveReader(experiments);
        var row = reader.Read(table, thing, table.Field);
        return database.WriteAsync(
            session =>
            {
                reader.CheckExperiments(session);
                if (kind == ArchiveKind.Artifacts)
                {
                    FindModel(session, row);
                }

                var isNew = Put(session, table, row, owner: null);
                if (kind == ArchiveKind.Artifacts)
                {
                    CountVersions(session, row);
                }

                return isNew;
            },
            cancellationToken);
    }

    /// <summary>Writes a row and its parts; where it is there already, only those parts that can be told from those it has.</summary>
    private static bool Put(SqlSession session, ArchiveTable table, ArchivedRow row, long? owner)
    {
        var arguments = owner is { } key ? [.. row.Values, key] : row.Values;
        long? there = table.Identity.Count == 0 ? null : session.First<long?>(table.FindByIdentity, found => found.GetInt64(0), arguments);
        var added = there is null;
        var own = there ?? Insert(session, table, row, arguments);
        foreach (var (part, rows) in row.Parts)
        {
            foreach (var child in there is null || part.Identity.Count > 0 ? rows : [])
            {
                added |= Put(session, part, child, own);
            }
        }

        return added;
    }

    private static long Insert(SqlSession session, ArchiveTable table, ArchivedRow row, object?[] arguments)
    {
        try
        {
            if (table.Key is not null)
            {
                return session.Number(table.Insert, arguments);
            }

            session.Execute(table.Insert, arguments);
            return 0;
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == ConstraintCode)
        {
            throw CairnException.Invalid(row.At, $"'{row.At}' cannot be kept: it is there twice, or speaks of something that is not here ({fault.Message}).");
        }
    }

    // A registered model is known by its name in the registry, in whatever experiment its artifact is.
    private static void FindModel(SqlSession session, ArchivedRow row)
    {
        const int experiment = 0;
        const int name = 1;
        const int modelName = 7;
        if (row.Values[modelName] is string model
            && session.First<(long Experiment, string Name)?>("SELECT experiment_id, name FROM artifact WHERE model_name = @1", found => (found.GetInt64(0), found.GetString(1)), model) is { } there)
        {
            (row.Values[experiment], row.Values[name]) = (there.Experiment, there.Name);
        }
    }

    // An artifact that was here may have got versions; and those whose files came along are loaded from here.
    private static void CountVersions(SqlSession session, ArchivedRow row)
    {
        var (experiment, name, next) = (row.Values[0], row.Values[1], row.Values[6]);
        var place = ArtifactPlace.OfVersion(new ArtifactKey(new ExperimentId((long)experiment!), (string)name!), 0)[..^1];
        session.Execute(
            "UPDATE version SET location = @3 || number WHERE location = @4 AND artifact_id = (SELECT id FROM artifact WHERE experiment_id = @1 AND name = @2)",
            experiment,
            name,
            place,
            Here);
        session.Execute(
            """
            UPDATE artifact SET next_version = MAX(next_version, @3, COALESCE((SELECT MAX(number) + 1 FROM version WHERE artifact_id = artifact.id), 0))
            WHERE experiment_id = @1 AND name = @2
            """,
            experiment,
            name,
            next);
    }
}
