using System.Text;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Runs;

/// <summary>
/// A model among a run's files, as clients before MLflow 3 told it: they look for the list of them in a tag, so a tag it is.
/// </summary>
internal sealed class LogModel(RunJournal journal, IRunStore runs) : IDisposable
{
    private const string Tag = "mlflow.log-model.history";

    private static readonly string[] Mandatory = ["artifact_path", "flavors", "utc_time_created", "run_id"];

    private static readonly string[] Told = ["run_id", "artifact_path", "utc_time_created", "model_uuid"];

    // Reading the list, adding to it and writing it back must not happen twice at once.
    private readonly SemaphoreSlim turn = new(1);

    public async Task HandleAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (id, text) = (fields.RunId(), fields.RequiredText("model_json"));
        using var model = ReadModel(text);
        var run = RunId.Parse(id);

        await turn.WaitAsync(context.RequestAborted);
        try
        {
            var snapshot = await runs.FindRunAsync(run, context.RequestAborted) ?? throw CairnException.NotFound($"Run with id={id} not found");
            var value = Append(snapshot.Tags.GetValueOrDefault(Tag), model.RootElement);
            if (value is not null)
            {
                await journal.ApplyAsync(new RunUpdate(run) { Tags = [new TagChange(Tag, value)] }, context.RequestAborted);
            }
        }
        finally
        {
            turn.Release();
        }

        await JsonAnswer.EmptyAsync(context);
    }

    public void Dispose() => turn.Dispose();

    private static JsonDocument ReadModel(string text)
    {
        var model = LenientJson.Parse(Encoding.UTF8.GetBytes(text));
        if (model?.RootElement.ValueKind != JsonValueKind.Object)
        {
            model?.Dispose();
            throw CairnException.Invalid("model_json", $"Malformed model info. \n {text} \n is not a valid JSON.");
        }

        var missing = Mandatory.Where(name => !model.RootElement.TryGetProperty(name, out _)).Select(name => $"'{name}'").ToList();
        return missing.Count == 0
            ? model
            : throw CairnException.Invalid("model_json", $"Model json is missing mandatory fields: {{{string.Join(", ", missing)}}}");
    }

    /// <summary>The list with the model at its end; null where its last is the same already, as when a client repeats the call.</summary>
    private static string? Append(string? history, JsonElement model)
    {
        var entry = Entry(model);
        if (string.IsNullOrEmpty(history) || history[^1] != ']' || history.Trim() == "[]")
        {
            return $"[{entry}]";
        }

        return history.EndsWith($"{entry}]", StringComparison.Ordinal) ? null : $"{history[..^1]}, {entry}]";
    }

    // Of each flavor everything but its "config", which may be long and is in the model's own file.
    private static string Entry(JsonElement model)
    {
        var text = new StringBuilder();
        PythonJson.AppendAll(
            text,
            '{',
            [.. Told.Where(name => model.TryGetProperty(name, out _)), "flavors"],
            name =>
            {
                PythonJson.AppendText(text, name);
                text.Append(": ");
                AppendMember(text, name, model.GetProperty(name));
            },
            '}');
        return text.ToString();
    }

    private static void AppendMember(StringBuilder text, string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || name is not ("flavors" or "flavor"))
        {
            PythonJson.Append(text, value);
            return;
        }

        PythonJson.AppendAll(
            text,
            '{',
            value.EnumerateObject().Where(member => name == "flavors" || member.Name != "config"),
            member =>
            {
                PythonJson.AppendText(text, member.Name);
                text.Append(": ");
                AppendMember(text, name == "flavors" ? "flavor" : "", member.Value);
            },
            '}');
    }
}
