using Cairn.Core;
using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;
using Cairn.Mlflow.Keys;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Runs;

/// <summary>
/// Up to a thousand points, params and tags at once. Unlike MLflow's three transactions it is one: the whole batch is
/// written, or nothing of it.
/// </summary>
internal sealed class LogBatch(RunJournal journal, IRunStore runs, LoggedModelCatalog models, KeyCache keys)
{
    public async Task HandleAsync(HttpContext context)
    {
        ContentTypeRule.Check(context.Request);
        using var body = await RequestBody.ReadAsync(context.Request, RequestBody.LongestJson, context.RequestAborted);
        var batch = FastBatchReader.Read(body.Bytes.Span, keys) ?? BatchReader.Read(body);
        var tags = await TagWrites.OfAsync(batch.Tags, runs, context.RequestAborted);
        await models.RequireAsync([.. batch.ModelPoints.Select(point => point.ModelId)], context.RequestAborted);
        try
        {
            await journal.ApplyAsync(tags.Update(batch.Run) with { Points = batch.Points, Params = batch.Params, ModelPoints = batch.ModelPoints }, context.RequestAborted);
        }
        catch (ParamConflictException conflict)
        {
            var changes = conflict.Conflicts.Select(change =>
                $"{{'key': {PythonText.Repr(change.Key)}, 'old_value': {PythonText.Repr(change.Old)}, 'new_value': {PythonText.Repr(change.New)}}}");
            throw CairnException.Invalid(
                "params",
                $"Changing param values is not allowed. Params were already logged='[{string.Join(", ", changes)}]' for run ID='{conflict.RunId}'.");
        }

        await JsonAnswer.EmptyAsync(context);
    }
}
