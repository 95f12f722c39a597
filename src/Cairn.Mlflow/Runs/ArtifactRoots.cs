using System.Collections.Concurrent;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;

namespace Cairn.Mlflow.Runs;

/// <summary>
/// Where a client is told to put files. The place of an experiment is settled when it is made, so it is looked up once.
/// </summary>
internal sealed class ArtifactRoots(IRunStore runs)
{
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<ExperimentId, string> locations = new();

    public static string Of(Experiment experiment) => ArtifactPlace.Of(experiment);

    public ValueTask<string> OfAsync(Run run, CancellationToken cancellationToken) =>
        InExperimentAsync(run.ExperimentId, $"{run.Id}/artifacts", cancellationToken);

    /// <summary>A place below that of an experiment.</summary>
    public async ValueTask<string> InExperimentAsync(ExperimentId id, string path, CancellationToken cancellationToken)
    {
        if (!locations.TryGetValue(id, out var location))
        {
            location = await runs.FindExperimentAsync(id, cancellationToken) is { } experiment
                ? Of(experiment)
                : $"{ArtifactPlace.ServerScheme}{id}";
            if (locations.Count >= Capacity)
            {
                locations.Clear();
            }

            locations[id] = location;
        }

        return ArtifactPlace.Append(location, path);
    }

    /// <summary>The path to a run's files through the proxy, such as <c>0/3c12…/artifacts</c>; null where they are elsewhere.</summary>
    public async ValueTask<string?> ProxyPathAsync(Run run, CancellationToken cancellationToken) =>
        ProxyPathOf(await OfAsync(run, cancellationToken));

    /// <summary>The path behind the proxy that a place means; null where it means another store.</summary>
    public static string? ProxyPathOf(string location) => ArtifactPlace.ServerPath(location);
}
