using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Mlflow.Keys;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Runs;

/// <summary>One parameter of a run. Params do not change: the same value again is welcome, another is refused.</summary>
internal sealed class LogParameter(RunJournal journal)
{
    public async Task HandleAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (run, key, value) = (fields.RunId(), fields.RequiredText("key"), fields.Text("value") ?? "");
        KeyRules.CheckParam(key, value, "key");
        try
        {
            await journal.ApplyAsync(new RunUpdate(RunId.Parse(run)) { Params = [Param.Text(key, value)] }, context.RequestAborted);
        }
        catch (ParamConflictException conflict)
        {
            var (name, old, now) = conflict.Conflicts[0];
            throw CairnException.Invalid(
                "value",
                $"Changing param values is not allowed. Param with key='{name}' was already logged with value='{old}' for run ID='{conflict.RunId}'. Attempted logging new value '{now}'.");
        }

        await JsonAnswer.EmptyAsync(context);
    }
}
