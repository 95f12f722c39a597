using System.Globalization;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Runs;

/// <summary>A value of a run that filters compare: a number, a text, labels, or nothing.</summary>
internal readonly record struct RunValue(double? Number, string? Text, IReadOnlyCollection<string>? Labels)
{
    public bool IsMissing => Number is null && Text is null && Labels is null;

    public static RunValue Of(double number) => new(number, null, null);

    public static RunValue Of(string? text) => new(null, text, null);

    public int CompareTo(RunValue other) =>
        Number is { } left && other.Number is { } right ? left.CompareTo(right) : string.CompareOrdinal(AsText, other.AsText);

    private string AsText => Text ?? Number?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>The values of runs by the names that filters and orders give them.</summary>
internal static class RunValues
{
    private const string Config = "config.";
    private const string Summary = "summary_metrics.";

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "name", "display_name", "displayName", "state", "group", "groupName", "group_name", "jobType", "job_type", "tags", "username", "user.username", "sweep",
        "sweepName", "created_at", "createdAt", "heartbeat_at", "heartbeatAt", "updated_at", "updatedAt", "notes", "duration", "host", "commit",
    };

    /// <summary>Refuses names that no run has.</summary>
    public static void Check(string name, string field)
    {
        if (!Names.Contains(name) && !name.StartsWith(Config, StringComparison.Ordinal) && !name.StartsWith(Summary, StringComparison.Ordinal) && !name.StartsWith("summaryMetrics.", StringComparison.Ordinal))
        {
            throw CairnException.Invalid(field, $"'{field}' speaks of '{name}'. Known are {string.Join(", ", Names)}, config.<key> and summary_metrics.<key>.");
        }
    }

    public static RunValue Of(RunSnapshot snapshot, string name)
    {
        var run = snapshot.Run;
        if (ConfigKeys(name) is { } keys)
        {
            return OfConfig(snapshot, keys);
        }

        if (SummaryKey(name) is { } key)
        {
            return OfSummary(snapshot, key);
        }

        return name switch
        {
            "name" => RunValue.Of(RunIdentity.NameOf(run)),
            "display_name" or "displayName" => RunValue.Of(run.Name),
            "state" => RunValue.Of(StateOf(run)),
            "group" or "groupName" or "group_name" => RunValue.Of(run.Group),
            "jobType" or "job_type" => RunValue.Of(run.JobType),
            "tags" => new RunValue(null, null, [.. RunLabels.Of(snapshot.Tags)]),
            "username" or "user.username" => RunValue.Of(run.Author ?? Accounts.Entities.Default),
            "sweep" or "sweepName" => RunValue.Of(snapshot.Tags.GetValueOrDefault(RunLabels.Sweep)),
            "notes" => RunValue.Of(snapshot.Tags.GetValueOrDefault(RunLabels.Notes)),
            "host" => RunValue.Of(snapshot.Tags.GetValueOrDefault(RunLabels.Host)),
            "commit" => RunValue.Of(snapshot.Tags.GetValueOrDefault(RunLabels.Commit)),
            "duration" => RunValue.Of(((run.EndedAt ?? run.HeartbeatAt ?? run.StartedAt) - run.StartedAt) / 1000.0),
            "created_at" or "createdAt" => RunValue.Of(WandbTime.Of(run.StartedAt)),
            _ => RunValue.Of(WandbTime.Of(run.HeartbeatAt ?? run.EndedAt ?? run.StartedAt)),
        };
    }

    private static string StateOf(Run run) => run.Status switch
    {
        RunStatus.Scheduled => "pending",
        var status => status.ToString().ToLowerInvariant(),
    };

    /// <summary>The params that a name may mean; null for what is no param.</summary>
    public static IReadOnlyList<string>? ConfigKeys(string name)
    {
        if (!name.StartsWith(Config, StringComparison.Ordinal))
        {
            return null;
        }

        // "config.lr", "config.lr.value" and, nested, "config.net.value.depth" all name a param.
        var key = name[Config.Length..];
        var plain = key.EndsWith(".value", StringComparison.Ordinal) ? key[..^6] : key.Replace(".value.", ".", StringComparison.Ordinal);
        return plain == key ? [key] : [plain, key];
    }

    /// <summary>The key of the summary that a name means; null for what is none.</summary>
    public static string? SummaryKey(string name) =>
        name.StartsWith(Summary, StringComparison.Ordinal) || name.StartsWith("summaryMetrics.", StringComparison.Ordinal)
            ? name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]
            : null;

    private static RunValue OfConfig(RunSnapshot snapshot, IReadOnlyList<string> keys)
    {
        foreach (var param in snapshot.Params)
        {
            if (keys.Contains(param.Key))
            {
                return param.Kind switch
                {
                    ParamKind.Null => default,
                    ParamKind.Number when param.Number is { } number => RunValue.Of(number),
                    _ => RunValue.Of(param.Value),
                };
            }
        }

        return default;
    }

    private static RunValue OfSummary(RunSnapshot snapshot, string key)
    {
        foreach (var value in snapshot.Summary)
        {
            if (value.Key == key)
            {
                return value.Kind == ParamKind.Number && value.Number is { } number ? RunValue.Of(number) : RunValue.Of(value.Value);
            }
        }

        foreach (var (name, point) in snapshot.Latest)
        {
            if (name == key)
            {
                return RunValue.Of(point.Value);
            }
        }

        return default;
    }
}
