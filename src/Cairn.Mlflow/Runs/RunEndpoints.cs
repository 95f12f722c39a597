using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Security;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Runs;

/// <summary>A run's life: created, read, updated, deleted and restored.</summary>
internal sealed class RunEndpoints(RunJournal journal, IRunStore runs, ArtifactRoots roots)
{
    public async Task CreateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var request = new CreateRun(
            ExperimentId: fields.Id("experiment_id") is { Length: > 0 } id ? id : "0",
            StartedAt: fields.Integer("start_time"),
            Name: fields.Text("run_name"),
            User: fields.Text("user_id"),
            Tags: fields.Pairs("tags"));
        if (!ExperimentId.TryParse(request.ExperimentId, out var experiment))
        {
            throw CairnException.NotFound($"No Experiment with id={request.ExperimentId} exists");
        }

        var tags = await TagWrites.OfAsync(request.Tags, runs, context.RequestAborted);
        tags.SetUser(request.User ?? "");
        if (request.Name is { Length: > 0 } name && tags.Name is { } tagged && name != tagged)
        {
            throw CairnException.Invalid(
                "run_name",
                $"Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='{name}', mlflow.runName='{tagged}').");
        }

        var stored = tags.Tags.Where(tag => tag.Value is not null).ToList();
        var run = await journal.CreateAsync(
            new NewRun(experiment, Name: request.Name is { Length: > 0 } ? request.Name : tags.Name, StartedAt: request.StartedAt, Author: tags.Author, ParentId: tags.ParentId ?? context.Features.Get<LaunchedBy>()?.Run, Tags: stored),
            context.RequestAborted);
        var snapshot = new RunSnapshot(run, [], stored.ToDictionary(tag => tag.Key, tag => tag.Value!, StringComparer.Ordinal), [], []);
        await WriteAsync(context, snapshot, withInputs: false);
    }

    public async Task GetAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var id = fields.RunId();
        await WriteAsync(context, await FindAsync(id, context.RequestAborted), withInputs: true);
    }

    public async Task UpdateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var update = new RunUpdate(RunId.Parse(fields.RunId()))
        {
            EndedAt = fields.Integer("end_time"),
            Status = fields.Choice("status", RunStatusNames.ByName, RunStatusNames.ByNumber),
            Name = fields.Text("run_name") is { Length: > 0 } name ? name : null,
        };

        // Clients of MLflow say themselves when a run ended.
        update = update with { EndAsGiven = update.Status is not null };
        var run = await journal.ApplyAsync(update.Name is null ? update : update with { Tags = [new TagChange(TagViews.RunName, null)] }, context.RequestAborted);
        var uri = await roots.OfAsync(run, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, (run, uri), static (writer, state) =>
        {
            writer.WriteStartObject();
            RunWriter.WriteInfo(writer, "run_info"u8, state.run, state.uri);
            writer.WriteEndObject();
        });
    }

    public Task DeleteAsync(HttpContext context) => MoveAsync(context, Lifecycle.Deleted);

    public Task RestoreAsync(HttpContext context) => MoveAsync(context, Lifecycle.Active);

    private async Task MoveAsync(HttpContext context, Lifecycle lifecycle)
    {
        using var fields = await RequestFields.ReadAsync(context);
        await journal.ApplyAsync(new RunUpdate(RunId.Parse(fields.RunId())) { Lifecycle = lifecycle }, context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    private async Task<RunSnapshot> FindAsync(string id, CancellationToken cancellationToken) =>
        await runs.FindRunAsync(RunId.Parse(id), cancellationToken) ?? throw CairnException.NotFound($"Run with id={id} not found");

    private async Task WriteAsync(HttpContext context, RunSnapshot snapshot, bool withInputs)
    {
        var view = new RunView(snapshot, await roots.OfAsync(snapshot.Run, context.RequestAborted));
        await JsonAnswer.WriteAsync(context, (view, withInputs), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("run"u8);
            RunWriter.WriteRun(writer, state.view, state.withInputs);
            writer.WriteEndObject();
        });
    }

    /// <param name="ExperimentId">"0" where the request has none.</param>
    /// <param name="StartedAt">Unix milliseconds; the time of the request where it has none.</param>
    /// <param name="Name">Must agree with the tag of the name, where both are given.</param>
    /// <param name="User">Older than the tag of the user; clients send both.</param>
    /// <param name="Tags">In the order of the request.</param>
    private sealed record CreateRun(string ExperimentId, long? StartedAt, string? Name, string? User, IReadOnlyList<KeyValuePair<string, string>> Tags);
}
