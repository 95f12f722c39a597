using System.Globalization;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Scorers;
using Cairn.Mlflow.Experiments;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Scorers;

/// <summary>Rules by which an experiment's answers are judged, in versions.</summary>
internal sealed class ScorerEndpoints(IScorerStore scorers, ExperimentCatalog experiments, TimeProvider clock)
{
    private const int LongestName = 256;

    public async Task RegisterAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (id, name, body) = (fields.RequiredId("experiment_id"), fields.RequiredText("name"), fields.RequiredText("serialized_scorer"));
        if (name.Length > LongestName)
        {
            throw CairnException.Invalid("name", $"'name' exceeds the maximum length of {LongestName} characters");
        }

        var experiment = await FindAsync(id, context.RequestAborted);
        var made = await scorers.AddAsync(experiment, name, body, clock.GetUtcNow().ToUnixTimeMilliseconds(), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, made, static (writer, scorer) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("version"u8, scorer.Version);
            writer.WriteString("scorer_id"u8, scorer.Id);
            writer.WriteString("experiment_id"u8, scorer.ExperimentId.ToString());
            writer.WriteString("name"u8, scorer.Name);
            writer.WriteString("serialized_scorer"u8, scorer.Body);
            writer.WriteNumber("creation_time"u8, scorer.CreatedAt);
            writer.WriteEndObject();
        });
    }

    public async Task ListAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var experiment = await FindAsync(fields.RequiredId("experiment_id"), context.RequestAborted);
        var all = await scorers.ListAsync(experiment, name: null, context.RequestAborted);
        await JsonAnswer.StreamAsync(context, "scorers", [.. all.GroupBy(scorer => scorer.Name).Select(versions => versions.Last())], Write);
    }

    public async Task ListVersionsAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (id, name) = (fields.RequiredId("experiment_id"), fields.RequiredText("name"));
        await JsonAnswer.StreamAsync(context, "scorers", await VersionsAsync(id, name, context.RequestAborted), Write);
    }

    public async Task GetAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (id, name, version) = (fields.RequiredId("experiment_id"), fields.RequiredText("name"), fields.Integer("version"));
        var versions = await VersionsAsync(id, name, context.RequestAborted);
        var found = version is null ? versions[^1] : versions.FirstOrDefault(scorer => scorer.Version == version) ?? throw Missing(id, name, version);
        await JsonAnswer.WriteAsync(context, found, static (writer, scorer) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("scorer"u8);
            Write(writer, scorer);
            writer.WriteEndObject();
        });
    }

    public async Task DeleteAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (id, name, version) = (fields.RequiredId("experiment_id"), fields.RequiredText("name"), fields.Integer("version"));
        var experiment = await FindAsync(id, context.RequestAborted);
        if (await scorers.RemoveAsync(experiment, name, version is { } number ? (int)Math.Clamp(number, 0, int.MaxValue) : null, context.RequestAborted) == 0)
        {
            throw Missing(id, name, version);
        }

        await JsonAnswer.EmptyAsync(context);
    }

    private async Task<IReadOnlyList<Scorer>> VersionsAsync(string id, string name, CancellationToken cancellationToken) =>
        await scorers.ListAsync(await FindAsync(id, cancellationToken), name, cancellationToken) is { Count: > 0 } versions
            ? versions
            : throw Missing(id, name, version: null);

    private async Task<ExperimentId> FindAsync(string id, CancellationToken cancellationToken)
    {
        var experiment = await ExperimentEndpoints.FindAsync(experiments, id, cancellationToken);
        return experiment.Lifecycle == Lifecycle.Active
            ? experiment.Id
            : throw new CairnException(ErrorCode.FailedPrecondition, $"The experiment {id} must be in the 'active' state. Current state is deleted.");
    }

    private static CairnException Missing(string experiment, string name, long? version) => CairnException.NotFound(
        version is null
            ? $"Scorer with name '{name}' not found for experiment {experiment}."
            : string.Create(CultureInfo.InvariantCulture, $"Scorer with name '{name}' and version {version} not found for experiment {experiment}."));

    private static void Write(Utf8JsonWriter writer, Scorer scorer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("experiment_id"u8, scorer.ExperimentId.Value);
        writer.WriteString("scorer_name"u8, scorer.Name);
        writer.WriteNumber("scorer_version"u8, scorer.Version);
        writer.WriteString("serialized_scorer"u8, scorer.Body);
        writer.WriteNumber("creation_time"u8, scorer.CreatedAt);
        writer.WriteString("scorer_id"u8, scorer.Id);
        writer.WriteEndObject();
    }
}
