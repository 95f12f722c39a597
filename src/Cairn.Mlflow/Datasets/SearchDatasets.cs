using Cairn.Core;
using Cairn.Core.Datasets;
using Cairn.Core.Experiments;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Datasets;

/// <summary>The datasets that the runs of some experiments read.</summary>
internal sealed class SearchDatasets(IDatasetStore datasets)
{
    private const int MostExperiments = 20;
    private const int MostSummaries = 1000;

    public async Task HandleAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var found = await FindAsync(fields.Ids("experiment_ids"), context.RequestAborted);
        await JsonAnswer.StreamAsync(context, "dataset_summaries", found, static (writer, summary) =>
        {
            writer.WriteStartObject();
            writer.WriteString("experiment_id"u8, summary.ExperimentId.ToString());
            writer.WriteString("name"u8, summary.Name);
            writer.WriteString("digest"u8, summary.Digest);
            if (summary.Context is { } use)
            {
                writer.WriteString("context"u8, use);
            }

            writer.WriteEndObject();
        });
    }

    private Task<IReadOnlyList<DatasetSummary>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            throw CairnException.Invalid("experiment_ids", "SearchDatasets request must specify at least one experiment_id.");
        }

        if (ids.Count > MostExperiments)
        {
            throw CairnException.Invalid(
                "experiment_ids",
                $"SearchDatasets request cannot specify more than {MostExperiments} experiment_ids. Received {ids.Count} experiment_ids.");
        }

        var experiments = new List<ExperimentId>(ids.Count);
        foreach (var id in ids)
        {
            if (ExperimentId.TryParse(id, out var experiment))
            {
                experiments.Add(experiment);
            }
        }

        return datasets.SearchAsync(experiments, MostSummaries, cancellationToken);
    }
}
