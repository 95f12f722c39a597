using System.Globalization;
using Cairn.Core.Datasets;
using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Datasets;

/// <summary>What a run read and made: datasets and logged models.</summary>
internal sealed class LinkEndpoints(RunJournal journal, LoggedModelCatalog models)
{
    private const string ClientName = "mlflow-python-client/";

    /// <summary>Longest body: the profile of a dataset alone may have 16 MB, which are more when they are escaped.</summary>
    private const int LongestInputs = 48 * 1024 * 1024;

    public async Task LogInputsAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context, LongestInputs);
        var run = fields.RunId();
        if (fields.Value("datasets").IsAbsent && fields.Value("models").IsAbsent && !IsNewer(context.Request))
        {
            throw RequestFields.Missing("datasets");
        }

        var inputs = fields.Objects("datasets").Select(ReadInput).ToList();
        var used = fields.Objects("models").Select((item, i) => RequestFields.RequiredText($"models[{i}].model_id", item.Member("model_id", $"models[{i}]"))).ToList();
        await models.RequireAsync(used, context.RequestAborted);

        // Of inputs with the same name and digest the first counts.
        var links = new RunLinks([.. inputs.DistinctBy(input => (input.Dataset.Name, input.Dataset.Digest))], used, ModelOutputs: []);
        await journal.ApplyAsync(new RunUpdate(RunId.Parse(run)) { Links = links }, context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public async Task LogOutputsAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var run = fields.RunId();
        if (fields.Value("models").IsAbsent)
        {
            throw RequestFields.Missing("models");
        }

        var made = fields.Objects("models").Select(ReadOutput).ToList();
        await models.RequireAsync(made.ConvertAll(output => output.ModelId), context.RequestAborted);
        var links = new RunLinks(Datasets: [], ModelInputs: [], made);
        await journal.ApplyAsync(new RunUpdate(RunId.Parse(run)) { Links = links }, context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    // MLflow 2 refuses inputs without any; MLflow 3, whose clients leave empty lists out, takes them.
    private static bool IsNewer(HttpRequest request) =>
        request.Headers.UserAgent.ToString() is var agent && agent.StartsWith(ClientName, StringComparison.Ordinal)
        && int.TryParse(agent.AsSpan(ClientName.Length).Slice(0, Math.Max(0, agent.AsSpan(ClientName.Length).IndexOf('.'))), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
        && major >= 3;

    private static ModelOutput ReadOutput(FieldValue item, int index)
    {
        var at = $"models[{index}]";
        return new ModelOutput(
            RequestFields.RequiredText($"{at}.model_id", item.Member("model_id", at)),
            item.Member("step", at) is { IsAbsent: false } step ? RequestFields.RequiredInteger($"{at}.step", step) : 0);
    }

    private static DatasetInput ReadInput(FieldValue item, int index)
    {
        var at = $"datasets[{index}]";
        var data = item.Member("dataset", at);
        if (data.IsAbsent)
        {
            throw RequestFields.Missing($"{at}.dataset");
        }

        string Required(string name) => RequestFields.RequiredText($"{at}.dataset.{name}", data.Member(name, $"{at}.dataset"));
        string? Optional(string name) => RequestFields.OptionalText($"{at}.dataset.{name}", data.Member(name, $"{at}.dataset")) is { Length: > 0 } text ? text : null;
        var tags = (item.Member("tags", at) is { IsAbsent: false } list ? list.Items ?? throw RequestFields.WrongType($"{at}.tags", list) : [])
            .Select((tag, i) => new KeyValuePair<string, string>(
                RequestFields.RequiredText($"{at}.tags[{i}].key", tag.Member("key", $"{at}.tags[{i}]")),
                RequestFields.OptionalText($"{at}.tags[{i}].value", tag.Member("value", $"{at}.tags[{i}]")) ?? ""))
            .ToList();
        return new DatasetInput(
            new Dataset(Required("name"), Required("digest"), Required("source_type"), Required("source"), Optional("schema"), Optional("profile")),
            tags);
    }
}
