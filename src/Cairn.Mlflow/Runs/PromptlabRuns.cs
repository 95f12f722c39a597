using System.Buffers;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Runs;

/// <summary>
/// A run that keeps one trial of a prompt, as MLflow's web page makes it: params, tags, and a table of what went in and came
/// out. MLflow also writes a folder "model", a program of its own that calls its gateway; that is left out.
/// </summary>
internal sealed class PromptlabRuns(RunJournal journal, IRunStore runs, FileTree files, ArtifactRoots roots, TimeProvider clock)
{
    private const string Table = "eval_results_table.json";

    public async Task CreateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var experiment = Required("experiment_id", fields.Id("experiment_id"));
        var template = Required("prompt_template", fields.Text("prompt_template"));
        var inputs = fields.Pairs("prompt_parameters");
        Required("prompt_parameters", inputs.Count > 0 ? "given" : null);
        var route = Required("model_route", fields.Text("model_route"));
        var input = Required("model_input", fields.Text("model_input"));
        Required("mlflow_version", fields.Text("mlflow_version"));
        if (!ExperimentId.TryParse(experiment, out var id))
        {
            throw CairnException.NotFound($"No Experiment with id={experiment} exists");
        }

        var tags = await TagWrites.OfAsync(
            [
                .. fields.Pairs("tags"),
                new("mlflow.loggedArtifacts", $$"""[{"path": "{{Table}}", "type": "table"}]"""),
                new("mlflow.runSourceType", "PROMPT_ENGINEERING"),
            ],
            runs,
            context.RequestAborted);
        tags.SetUser(fields.Text("user_id") is { Length: > 0 } user ? user : "unknown");
        KeyValuePair<string, string>[] settings = [.. fields.Pairs("model_parameters"), new("model_route", route), new("prompt_template", template)];
        var run = await journal.CreateAsync(
            new NewRun(
                id,
                Name: fields.Text("run_name") is { Length: > 0 } name ? name : tags.Name,
                StartedAt: fields.Integer("start_time"),
                Author: tags.Author,
                ParentId: tags.ParentId,
                Params: [.. settings.Select(setting => Param.Text(setting.Key, setting.Value))],
                Tags: [.. tags.Tags.Where(tag => tag.Value is not null)]),
            context.RequestAborted);

        var table = TableOf([.. inputs, new("prompt", input), new("output", fields.Text("model_output") ?? ""), .. fields.Pairs("model_output_parameters")]);
        using var content = new MemoryStream(table, writable: false);
        await files.PutAsync(FileOwner.Of(run.Id), Table, content, expected: null, table.Length, CancellationToken.None);
        await journal.ApplyAsync(new RunUpdate(run.Id) { Status = RunStatus.Finished, EndedAt = clock.GetUtcNow().ToUnixTimeMilliseconds() }, CancellationToken.None);

        var snapshot = await runs.FindRunAsync(run.Id, context.RequestAborted) ?? throw CairnException.NotFound($"Run with id={run.Id} not found");
        var view = new RunView(snapshot, await roots.OfAsync(snapshot.Run, context.RequestAborted));
        await JsonAnswer.WriteAsync(context, view, static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("run"u8);
            RunWriter.WriteRun(writer, state);
            writer.WriteEndObject();
        });
    }

    private static byte[] TableOf(KeyValuePair<string, string>[] cells)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("columns"u8);
            foreach (var (column, _) in cells)
            {
                writer.WriteStringValue(column);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("data"u8);
            writer.WriteStartArray();
            foreach (var (_, value) in cells)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string Required(string name, string? value) =>
        value is { Length: > 0 } ? value : throw CairnException.Invalid(name, $"CreatePromptlabRun request must specify {name}.");
}
