using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Pipelines.Caching;

namespace Cairn.Projects.Chains;

/// <summary>
/// Hands what an earlier run of a component left over to the run that stands for it today: whoever started the component
/// may ask its run for metrics and files.
/// </summary>
internal sealed class ComponentResults(CairnClient client)
{
    private const long MostBytes = 256L << 20;

    /// <summary>Null where it is done; else why it cannot be, and nothing is.</summary>
    public async Task<string?> HandOverAsync(RunDetail from, RunDetail to, CancellationToken cancellation)
    {
        var files = (await client.ListRunFilesAsync(from.Run.Id, cancellation)).Where(file => !file.Path.StartsWith("cairn/", StringComparison.Ordinal)).ToArray();
        if (from.Inputs.Count + from.Outputs.Count + files.Length + from.Metrics.Count == 0)
        {
            return $"run {from.Run.Id[..8]} left nothing here, so nobody can tell whether its results still hold";
        }

        if (files.Sum(file => file.Size) > MostBytes)
        {
            return $"the files of run {from.Run.Id[..8]} are more than is handed over";
        }

        foreach (var file in files)
        {
            await using var stream = await client.OpenRunFileAsync(from.Run.Id, file.Path, cancellation);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, cancellation);
            await client.PutRunFileAsync(to.Run.Id, file.Path, bytes.ToArray(), cancellation: cancellation);
        }

        await new StepCache(client, from.Run.ExperimentName).RestoreLatestAsync(from, cancellation);
        await client.UpdateRunAsync(
            to.Run.Id,
            new RunUpdate(
                Params: from.Params.Where(pair => !to.Params.ContainsKey(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
                Tags: from.Tags.Where(tag => IsResult(tag.Key) && !to.Tags.ContainsKey(tag.Key)).ToDictionary(tag => tag.Key, string? (tag) => tag.Value, StringComparer.Ordinal),
                Points: from.Metrics.Select(metric => new MetricPoint(metric.Key, metric.Value, metric.Step, metric.Time)).ToArray(),
                Summary: from.Summary),
            cancellation);
        return null;
    }

    private static bool IsResult(string tag) =>
        tag == "mlflow.log-model.history" || !(tag.StartsWith("mlflow.", StringComparison.Ordinal) || tag.StartsWith("cairn.", StringComparison.Ordinal));
}
