using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Mlflow.Keys;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Experiments;

/// <summary>Tags of an experiment, one at a time.</summary>
internal sealed class ExperimentTagEndpoints(ExperimentCatalog catalog)
{
    private const int LongestValue = 5000;

    public async Task SetAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (id, key, value) = (fields.RequiredId("experiment_id"), fields.RequiredText("key"), fields.Text("value") ?? "");
        Check(key, value);
        var experiment = await FindActiveAsync(id, context.RequestAborted);
        await ChangeAsync(context, experiment, key, value);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (id, key) = (fields.RequiredId("experiment_id"), fields.RequiredText("key"));
        var experiment = await FindActiveAsync(id, context.RequestAborted);
        if (!experiment.Tags.ContainsKey(key))
        {
            throw CairnException.NotFound($"No tag with name: {key} in experiment with id {id}");
        }

        await ChangeAsync(context, experiment, key, null);
    }

    public static void Check(string key, string value) => KeyRules.CheckTag(key, value, longestValue: LongestValue);

    private async Task ChangeAsync(HttpContext context, Experiment experiment, string key, string? value)
    {
        var tags = new Dictionary<string, string?>(StringComparer.Ordinal) { [key] = value };
        await catalog.UpdateAsync(experiment.Id, new ExperimentChange(Tags: tags), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    private async Task<Experiment> FindActiveAsync(string id, CancellationToken cancellationToken)
    {
        var experiment = await ExperimentEndpoints.FindAsync(catalog, id, cancellationToken);
        return experiment.Lifecycle == Lifecycle.Active
            ? experiment
            : throw new CairnException(ErrorCode.FailedPrecondition, $"The experiment {id} must be in the 'active' state. Current state is deleted.");
    }
}
