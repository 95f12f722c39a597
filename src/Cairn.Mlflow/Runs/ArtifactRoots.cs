using System.Collections.Concurrent;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;

namespace Cairn.Mlflow.Runs;

/// <summary>
/// Where a client is told to put files. The place of an experiment is settled when it is made, so it is looked up once.
/// </summary>
internal sealed class ArtifactRoots(IRunStore runs)
{
    /// <summary>The scheme by which MLflow's clients send files through the server.</summary>
    public const string ProxyScheme = "mlflow-artifacts:/";

    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<ExperimentId, string> locations = new();

    public static string Of(Experiment experiment) => experiment.ArtifactLocation ?? $"{ProxyScheme}{experiment.Id}";

    public ValueTask<string> OfAsync(Run run, CancellationToken cancellationToken) =>
        InExperimentAsync(run.ExperimentId, $"{run.Id}/artifacts", cancellationToken);

    /// <summary>A place below that of an experiment.</summary>
    public async ValueTask<string> InExperimentAsync(ExperimentId id, string path, CancellationToken cancellationToken)
    {
        if (!locations.TryGetValue(id, out var location))
        {
            location = await runs.FindExperimentAsync(id, cancellationToken) is { } experiment
                ? Of(experiment)
                : $"{ProxyScheme}{id}";
            if (locations.Count >= Capacity)
            {
                locations.Clear();
            }

            locations[id] = location;
        }

        return Append(location, path);
    }

    /// <summary>The path to a run's files through the proxy, such as <c>0/3c12…/artifacts</c>; null where they are elsewhere.</summary>
    public async ValueTask<string?> ProxyPathAsync(Run run, CancellationToken cancellationToken) =>
        ProxyPathOf(await OfAsync(run, cancellationToken));

    /// <summary>The path behind the proxy that a place means; null where it means another store.</summary>
    public static string? ProxyPathOf(string location)
    {
        if (!location.StartsWith(ProxyScheme, StringComparison.Ordinal))
        {
            return null;
        }

        // mlflow-artifacts:/path or mlflow-artifacts://host:port/path: the host is this server.
        var path = location.AsSpan(ProxyScheme.Length);
        if (path.StartsWith("/"))
        {
            var slash = path[1..].IndexOf('/');
            path = slash < 0 ? "" : path[(slash + 2)..];
        }

        return path.Trim('/').ToString();
    }

    // The place may carry a query, behind the path.
    private static string Append(string location, string path)
    {
        var query = location.IndexOf('?', StringComparison.Ordinal);
        return query < 0
            ? $"{location.TrimEnd('/')}/{path}"
            : $"{location.AsSpan(0, query).TrimEnd('/')}/{path}{location.AsSpan(query)}";
    }
}
