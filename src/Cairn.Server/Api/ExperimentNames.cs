using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>Names of the experiments that one answer mentions, each looked up once.</summary>
internal sealed class ExperimentNames(ExperimentCatalog catalog)
{
    private readonly Dictionary<ExperimentId, string> names = [];

    public void Know(Experiment experiment) => names[experiment.Id] = experiment.Name;

    public async ValueTask<string> GetAsync(ExperimentId id, CancellationToken cancellationToken)
    {
        if (!names.TryGetValue(id, out var name))
        {
            try
            {
                name = (await catalog.GetAsync(id, cancellationToken)).Name;
            }
            catch (CairnException refusal) when (refusal.Code == ErrorCode.Forbidden)
            {
                // A model may be read by somebody who may not read its experiment.
                name = $"experiment {id}";
            }

            names.Add(id, name);
        }

        return name;
    }

    public async Task<List<Wire.RunInfo>> ToWireAsync(IReadOnlyList<Run> runs, CancellationToken cancellationToken)
    {
        var infos = new List<Wire.RunInfo>(runs.Count);
        foreach (var run in runs)
        {
            infos.Add(run.ToWire(await GetAsync(run.ExperimentId, cancellationToken)));
        }

        return infos;
    }
}
