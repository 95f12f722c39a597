using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Mlflow.Keys;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Experiments;

/// <summary>An experiment's life: created, read, renamed, deleted and restored.</summary>
internal sealed class ExperimentEndpoints(ExperimentCatalog catalog, IRunStore store)
{
    public async Task CreateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var name = fields.RequiredText("name");
        var location = fields.Text("artifact_location");
        var tags = fields.Pairs("tags");

        KeyRules.CheckLength("name", name, ExperimentCatalog.NameLength);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            ExperimentTagEndpoints.Check(key, value);
            labels[key] = value;
        }

        try
        {
            var made = await catalog.CreateAsync(new NewExperiment(name, ArtifactLocation.Read(location), labels), context.RequestAborted);
            await JsonAnswer.WriteAsync(context, made.Id.ToString(), static (writer, id) =>
            {
                writer.WriteStartObject();
                writer.WriteString("experiment_id"u8, id);
                writer.WriteEndObject();
            });
        }
        catch (CairnException taken) when (taken.Code == ErrorCode.AlreadyExists)
        {
            throw Taken(name, taken);
        }
    }

    public async Task GetAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        await WriteAsync(context, await FindAsync(catalog, fields.RequiredId("experiment_id"), context.RequestAborted));
    }

    public async Task GetByNameAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var name = fields.RequiredText("experiment_name");
        var found = await store.FindExperimentAsync(name, context.RequestAborted)
            ?? throw CairnException.NotFound($"Could not find experiment with name '{name}'");
        await WriteAsync(context, found);
    }

    public async Task UpdateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (id, name) = (fields.RequiredId("experiment_id"), fields.RequiredText("new_name"));
        KeyRules.CheckLength("name", name, ExperimentCatalog.NameLength);
        var experiment = await FindAsync(catalog, id, context.RequestAborted);
        if (experiment.Lifecycle != Lifecycle.Active)
        {
            throw MlflowException.InvalidState("Cannot rename a non-active experiment.");
        }

        try
        {
            await catalog.UpdateAsync(experiment.Id, new ExperimentChange(Name: name), context.RequestAborted);
        }
        catch (CairnException taken) when (taken.Code == ErrorCode.AlreadyExists)
        {
            throw Taken(name, taken);
        }

        await JsonAnswer.EmptyAsync(context);
    }

    public Task DeleteAsync(HttpContext context) => MoveAsync(context, Lifecycle.Active, Lifecycle.Deleted);

    public Task RestoreAsync(HttpContext context) => MoveAsync(context, Lifecycle.Deleted, Lifecycle.Active);

    public static async Task<Experiment> FindAsync(ExperimentCatalog catalog, string id, CancellationToken cancellationToken) =>
        ExperimentId.TryParse(id, out var number) ? await catalog.GetAsync(number, cancellationToken) : throw Missing(id);

    private async Task MoveAsync(HttpContext context, Lifecycle from, Lifecycle to)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var id = fields.RequiredId("experiment_id");
        var experiment = await FindAsync(catalog, id, context.RequestAborted);
        if (experiment.Lifecycle != from)
        {
            // MLflow looks for it among the active (or deleted) ones only.
            throw Missing(id);
        }

        await catalog.UpdateAsync(experiment.Id, new ExperimentChange(Lifecycle: to), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    private static Task WriteAsync(HttpContext context, Experiment experiment) =>
        JsonAnswer.WriteAsync(context, experiment, static (writer, found) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("experiment"u8);
            ExperimentWriter.Write(writer, found);
            writer.WriteEndObject();
        });

    private static CairnException Missing(string id) => CairnException.NotFound($"No Experiment with id={id} exists");

    private static CairnException Taken(string name, Exception cause) =>
        new(ErrorCode.AlreadyExists, $"Experiment(name={name}) already exists. Use another name, or restore the experiment if it is deleted.", "name", cause);
}
