using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;
using Cairn.Mlflow.Runs;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.LoggedModels;

/// <summary>A logged model's life: created, read, finished, described and deleted.</summary>
internal sealed class LoggedModelEndpoints(LoggedModelCatalog models, IRunStore runs, ArtifactRoots roots)
{
    private const string Id = "model_id";

    public async Task CreateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var id = fields.RequiredId("experiment_id");
        if (!ExperimentId.TryParse(id, out var experiment))
        {
            throw CairnException.NotFound($"No Experiment with id={id} exists");
        }

        var made = await models.CreateAsync(
            new NewLoggedModel(
                experiment,
                fields.Text("name"),
                fields.Text("model_type"),
                fields.Text("source_run_id"),
                Last(fields.Pairs("params")),
                Last(fields.Pairs("tags"))),
            context.RequestAborted);
        await WriteAsync(context, made);
    }

    public async Task GetAsync(HttpContext context) => await WriteAsync(context, await FindAsync(context));

    public async Task FinalizeAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var status = fields.Choice("status", LoggedModelWriter.ByName, LoggedModelWriter.ByNumber) ?? throw RequestFields.Missing("status");
        await models.UpdateAsync(RouteText(context, Id), new LoggedModelChange(Status: status), context.RequestAborted);
        await WriteAsync(context, await FindAsync(context));
    }

    public Task DeleteAsync(HttpContext context) => ChangeAsync(context, new LoggedModelChange(Delete: true));

    public async Task LogParamsAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        await ChangeAsync(context, new LoggedModelChange(Params: fields.Pairs("params")));
    }

    public async Task SetTagsAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        await ChangeAsync(context, new LoggedModelChange(Tags: fields.Pairs("tags")));
    }

    public Task DeleteTagAsync(HttpContext context) => ChangeAsync(context, new LoggedModelChange(RemoveTag: RouteText(context, "tag_key")));

    public Task<LoggedModel> FindAsync(HttpContext context) => models.GetAsync(RouteText(context, Id), context.RequestAborted);

    public async Task<LoggedModelView> ViewAsync(LoggedModel model, CancellationToken cancellationToken) =>
        new(model, await UriAsync(model, runs, roots, cancellationToken));

    public static ValueTask<string> UriAsync(LoggedModel model, IRunStore runs, ArtifactRoots roots, CancellationToken cancellationToken) =>
        roots.InExperimentAsync(model.ExperimentId, $"models/{model.Id}/artifacts", cancellationToken);

    /// <summary>A part of the address, as its client meant it: what the router leaves encoded is decoded.</summary>
    public static string RouteText(HttpContext context, string name) =>
        Uri.UnescapeDataString(context.Request.RouteValues[name] as string ?? "");

    private async Task ChangeAsync(HttpContext context, LoggedModelChange change)
    {
        await models.UpdateAsync(RouteText(context, Id), change, context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    private async Task WriteAsync(HttpContext context, LoggedModel model)
    {
        var view = await ViewAsync(model, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, view, static (writer, found) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("model"u8);
            LoggedModelWriter.Write(writer, found);
            writer.WriteEndObject();
        });
    }

    private static List<KeyValuePair<string, string>> Last(IReadOnlyList<KeyValuePair<string, string>> pairs) =>
        [.. pairs.Reverse().DistinctBy(pair => pair.Key).Reverse()];
}
