using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Mlflow.Keys;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Runs;

/// <summary>Tags of a run, one at a time.</summary>
internal sealed class TagEndpoints(RunJournal journal, IRunStore runs)
{
    public async Task SetAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (run, key, value) = (fields.RunId(), fields.RequiredText("key"), fields.Text("value") ?? "");
        KeyRules.CheckTag(key, value);
        var tags = await TagWrites.OfAsync([new(key, value)], runs, context.RequestAborted);
        await journal.ApplyAsync(tags.Update(RunId.Parse(run)), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (id, key) = (fields.RunId(), fields.RequiredText("key"));
        var snapshot = await runs.FindRunAsync(RunId.Parse(id), context.RequestAborted) ?? throw CairnException.NotFound($"Run with id={id} not found");
        if (snapshot.Run.Lifecycle == Lifecycle.Active && TagViews.Of(snapshot.Run, snapshot.Tags).All(tag => tag.Key != key))
        {
            throw CairnException.NotFound($"No tag with name: {key} in run with id {id}");
        }

        await journal.ApplyAsync(new RunUpdate(snapshot.Run.Id) { Tags = [TagViews.Remove(key)] }, context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }
}
