using Cairn.Core.Datasets;
using Cairn.Core.Promotion;
using Cairn.Core.Runs;
using Cairn.Storage.Runs;
using Cairn.Storage.Series;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Promotion;

/// <summary>A version, and the index under which the gated alias knows it: a collection of links numbers them itself.</summary>
internal sealed record PlacedVersion(long Id, long Artifact, int Index, string Type, string? LoggedModel)
{
    public string Label => $"v{Index}";
}

/// <summary>
/// Gathers what a gate is judged by, in the transaction of the move. Which of a run's metrics are a version's own:
/// those of a run that logged it; those of a run that used it and no other version of the kind; and of a run that used
/// two, the plain ones are the candidate's, and those called "prod/…" of the one it asked for as "prod".
/// </summary>
internal sealed class GateFactReader(SqlSession session, HotTail hot)
{
    private const int MostRuns = 50;
    private const int MostVersions = 300;

    private static readonly string[] EvaluationContexts = ["eval", "evaluation", "test", "testing", "validation", "val", "holdout"];

    private readonly Dictionary<long, RunSnapshot> snapshots = [];

    public GateFacts Read(Gate gate, PlacedVersion candidate, PlacedVersion? holder)
    {
        var needsMetrics = gate.Policy.When is not null;
        long[] family = holder is null ? [candidate.Artifact] : [candidate.Artifact, holder.Artifact];
        return new GateFacts(
            candidate.Label,
            holder?.Label,
            needsMetrics ? Evaluations(candidate, family, gate.Place.Alias) : [],
            needsMetrics && holder is not null ? Evaluations(holder, family, gate.Place.Alias) : [],
            gate.Policy.Checks.Count > 0 ? new CheckFinder(session, Snapshot).Find(candidate) : [],
            gate.Policy.Approvals > 0 ? PromotionRows.ReadApprovals(session, gate.Place.Key, candidate.Index, gate.Place.Alias) : []);
    }

    private List<Evaluation> Evaluations(PlacedVersion version, long[] family, string alias)
    {
        var found = new List<Evaluation>();
        foreach (var run in RunsOf(version))
        {
            var used = session.Query(
                """
                SELECT version.id, artifact_id, artifact.name, artifact.type, number, version.digest, direction, used_as FROM lineage
                JOIN version ON version.id = version_id JOIN artifact ON artifact.id = artifact_id WHERE lineage.run_id = @1
                """,
                row => new Edge(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetString(5), row.GetInt32(6) == 1, row.Text(7)),
                run.Run.Id.Value);
            var snapshot = Snapshot(run);
            if (OwnMetrics(snapshot, version, used.Where(edge => family.Contains(edge.Artifact)).ToList(), alias) is { } metrics)
            {
                found.Add(new Evaluation(run.Run.Id, run.Run.StartedAt, metrics, DataOf(snapshot, version, used, family)));
            }
        }

        found.AddRange(OfLoggedModel(version));
        return found;
    }

    private List<StoredRun> RunsOf(PlacedVersion version) =>
        session.Query(
            $"""
            SELECT {RunRows.Columns} FROM run
            WHERE lifecycle = 0 AND status IN (1, 3) AND (id IN (SELECT run_id FROM lineage WHERE version_id = @1)
                OR key IN (SELECT run_key FROM run_model WHERE model_id = @2))
            ORDER BY started_at DESC, key DESC LIMIT @3
            """,
            RunRows.Read,
            version.Id,
            version.LoggedModel ?? "",
            MostRuns);

    /// <summary>Null where the run's metrics cannot be said to be this version's.</summary>
    private static Dictionary<string, double>? OwnMetrics(RunSnapshot run, PlacedVersion version, List<Edge> edges, string alias)
    {
        var all = AllMetrics(run);
        var logged = edges.Where(edge => edge.IsOutput).Select(edge => edge.Version).Distinct().ToList();
        if (logged.Contains(version.Id))
        {
            return logged.Count == 1 ? all : null;
        }

        var used = edges.Where(edge => !edge.IsOutput).DistinctBy(edge => edge.Version).ToList();
        if (logged.Count == 0 && used.All(edge => edge.Version == version.Id))
        {
            return all;
        }

        var asHolder = used.Where(edge => edge.UsedAs is { } name && name.EndsWith($":{alias}", StringComparison.Ordinal)).ToList();
        if (asHolder.Any(edge => edge.Version == version.Id))
        {
            return all.Where(metric => IsOf(metric.Key, alias)).ToDictionary(metric => metric.Key[(alias.Length + 1)..], metric => metric.Value, StringComparer.Ordinal);
        }

        return logged.Count == 0 && used.Except(asHolder).Select(edge => edge.Version).ToList() is [var only] && only == version.Id
            ? all.Where(metric => !IsOf(metric.Key, alias)).ToDictionary(StringComparer.Ordinal)
            : null;
    }

    private static bool IsOf(string metric, string alias) =>
        metric.Length > alias.Length + 1 && metric.StartsWith(alias, StringComparison.Ordinal) && metric[alias.Length] is '/' or '.' or '_';

    private static Dictionary<string, double> AllMetrics(RunSnapshot run)
    {
        var metrics = run.Latest.ToDictionary(metric => metric.Key, metric => metric.Point.Value, StringComparer.Ordinal);
        foreach (var value in run.Summary)
        {
            if (value is { Kind: ParamKind.Number, Number: { } number })
            {
                metrics[value.Key] = number;
            }
        }

        return metrics;
    }

    private static List<DataUsed> DataOf(RunSnapshot run, PlacedVersion version, List<Edge> edges, long[] family)
    {
        var data = edges
            .Where(edge => !edge.IsOutput && edge.Type != version.Type && !family.Contains(edge.Artifact))
            .Select(edge => new DataUsed(edge.Name, $"{edge.Name}:v{edge.Index}", $"artifact:{edge.Digest}"))
            .ToList();
        var datasets = run.Links.Datasets;
        var judged = datasets.Where(input => input.Tags.Any(tag => tag.Key == RunLinks.ContextTag && EvaluationContexts.Contains(tag.Value, StringComparer.OrdinalIgnoreCase))).ToList();
        data.AddRange((judged.Count > 0 ? judged : datasets).Select(input => Of(input.Dataset.Name, input.Dataset.Digest)));
        return data;
    }

    private static DataUsed Of(string name, string digest) => new(name, $"{name}@{digest}", $"dataset:{name}:{digest}");

    /// <summary>Metrics that a client of MLflow logged for the model itself, each with the dataset it was measured on.</summary>
    private IEnumerable<Evaluation> OfLoggedModel(PlacedVersion version)
    {
        if (version.LoggedModel is not { } model)
        {
            return [];
        }

        var rows = session.Query(
            """
            SELECT run.id, run.started_at, metric.name, metric.value, dataset_name, dataset_digest FROM logged_model_metric AS metric
            JOIN logged_model ON logged_model.key = model_key JOIN run ON run.key = metric.run_key
            WHERE logged_model.id = @1 AND dataset_name IS NOT NULL AND run.lifecycle = 0 ORDER BY metric.step, metric.time
            """,
            row => (Run: row.GetString(0), At: row.GetInt64(1), Metric: row.GetString(2), Value: row.NumberOrNan(3), Data: Of(row.GetString(4), row.Text(5) ?? "")),
            model);
        return rows
            .GroupBy(row => (row.Run, row.At, row.Data))
            .OrderByDescending(group => group.Key.At)
            .Select(group => new Evaluation(
                RunId.Parse(group.Key.Run),
                group.Key.At,
                group.GroupBy(row => row.Metric, StringComparer.Ordinal).ToDictionary(metric => metric.Key, metric => metric.Last().Value, StringComparer.Ordinal),
                [group.Key.Data]))
            .Take(MostRuns);
    }

    private RunSnapshot Snapshot(StoredRun run)
    {
        if (!snapshots.TryGetValue(run.Key, out var snapshot))
        {
            snapshots[run.Key] = snapshot = RunRows.ReadSnapshot(session, run, hot.ReadLatest(run.Key));
        }

        return snapshot;
    }

    private sealed record Edge(long Version, long Artifact, string Name, string Type, int Index, string Digest, bool IsOutput, string? UsedAs);

    /// <summary>
    /// Checks of a version: reported by runs that logged or used it, or anything it was made of. A run that is about
    /// another version of the same artifact does not speak of this one.
    /// </summary>
    private sealed class CheckFinder(SqlSession session, Func<StoredRun, RunSnapshot> snapshot)
    {
        public List<CheckResult> Find(PlacedVersion candidate)
        {
            var versions = new HashSet<long> { candidate.Id };
            var open = new Queue<long>(versions);
            var runs = new Dictionary<long, StoredRun>();
            while (open.TryDequeue(out var version))
            {
                foreach (var run in RunsAround(version, candidate))
                {
                    runs[run.Key] = run;
                }

                foreach (var source in SourcesOf(version))
                {
                    if (versions.Count < MostVersions && versions.Add(source))
                    {
                        open.Enqueue(source);
                    }
                }
            }

            var newest = new Dictionary<string, CheckResult>(StringComparer.Ordinal);
            foreach (var run in runs.Values.OrderBy(run => run.Run.StartedAt).ThenBy(run => run.Key))
            {
                foreach (var result in CheckReader.Read(snapshot(run)))
                {
                    newest[result.Name] = result;
                }
            }

            return [.. newest.Values];
        }

        private List<long> SourcesOf(long version) => session.Query(
            """
            SELECT DISTINCT input.version_id FROM lineage AS output
            JOIN lineage AS input ON input.run_id = output.run_id AND input.direction = 0
            WHERE output.version_id = @1 AND output.direction = 1
            """,
            row => row.GetInt64(0),
            version);

        private List<StoredRun> RunsAround(long version, PlacedVersion candidate) => session.Query(
            $"""
            SELECT {RunRows.Columns} FROM run JOIN lineage ON lineage.run_id = run.id
            WHERE lineage.version_id = @1 AND run.lifecycle = 0 AND (
                EXISTS (SELECT 1 FROM lineage AS own WHERE own.run_id = run.id AND own.version_id = @2)
                OR NOT EXISTS (SELECT 1 FROM lineage AS other JOIN version ON version.id = other.version_id WHERE other.run_id = run.id AND version.artifact_id = @3))
            ORDER BY run.started_at DESC LIMIT @4
            """,
            RunRows.Read,
            version,
            candidate.Id,
            candidate.Artifact,
            MostRuns);
    }
}
