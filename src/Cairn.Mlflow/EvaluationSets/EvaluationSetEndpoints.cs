using System.Text;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.EvaluationSets;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Mlflow.LoggedModels;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.EvaluationSets;

/// <summary>Sets of examples by which systems are judged: made, found, described and removed. Their records are <see cref="RecordEndpoints"/>.</summary>
internal sealed class EvaluationSetEndpoints(IEvaluationSetStore sets, TimeProvider clock)
{
    private const string UserTag = "mlflow.user";
    private const int NameLength = 255;
    private const int UsualSets = 1000;
    private const int MostSets = 50_000;

    public async Task CreateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var name = fields.RequiredText("name");
        var experiments = ReadExperiments(fields.Ids("experiment_ids"));
        var tags = fields.Text("tags") is { Length: > 0 } text ? ReadTags(text) : [];
        if (name.Length > NameLength)
        {
            throw CairnException.Invalid("name", $"'name' exceeds the maximum length of {NameLength} characters");
        }

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var kept = tags.Where(tag => tag.Value is not null).ToDictionary(tag => tag.Key, tag => tag.Value!, StringComparer.Ordinal);
        var user = kept.GetValueOrDefault(UserTag);
        var made = new EvaluationSet($"d-{Guid.NewGuid():N}", name, RecordRules.Digest(name, now), kept, null, 0, now, now, user, user, experiments);
        await sets.CreateAsync(made, context.RequestAborted);
        await WriteAsync(context, made, withExperiments: true);
    }

    public async Task GetAsync(HttpContext context) => await WriteAsync(context, await FindAsync(sets, context), withExperiments: false);

    public async Task DeleteAsync(HttpContext context)
    {
        await sets.RemoveAsync(Id(context), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public async Task SearchAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var experiments = ReadExperiments(fields.Ids("experiment_ids"));
        var where = EvaluationSetFilter.Parse(fields.Text("filter_string"));
        var size = fields.Integer("max_results") is { } asked and not 0 ? asked : UsualSets;
        if (size is < 1 or > MostSets)
        {
            throw CairnException.Invalid("max_results", $"Invalid value {size} for parameter 'max_results' supplied. It must be a positive integer of at most {MostSets}");
        }

        var order = EvaluationSetFilter.ParseOrder(fields.Texts("order_by"));
        var offset = PageToken.Read(fields.Text("page_token"));
        var found = await sets.SearchAsync(new EvaluationSetQuery(experiments, where, order, (int)size + 1, offset), context.RequestAborted);
        await JsonAnswer.StreamAsync(
            context,
            "datasets",
            [.. found.Take((int)size).Select(set => set with { Experiments = [] })],
            Write,
            writer =>
            {
                if (found.Count > size)
                {
                    writer.WriteString("next_page_token"u8, PageToken.Write(offset + (int)size));
                }
            });
    }

    public async Task SetTagsAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var tags = ReadTags(fields.RequiredText("tags"));

        // A null says nothing here: removing a tag is a call of its own.
        await sets.SetTagsAsync(Id(context), tags.Where(tag => tag.Value is not null).ToDictionary(StringComparer.Ordinal), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public async Task DeleteTagAsync(HttpContext context)
    {
        var tag = LoggedModelEndpoints.RouteText(context, "key");
        await sets.SetTagsAsync(Id(context), new Dictionary<string, string?>(StringComparer.Ordinal) { [tag] = null }, context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public Task AddExperimentsAsync(HttpContext context) => TieAsync(context, remove: false);

    public Task RemoveExperimentsAsync(HttpContext context) => TieAsync(context, remove: true);

    public async Task ListExperimentsAsync(HttpContext context)
    {
        // A set that is not there is in no experiment, as MLflow's store has it.
        var set = await sets.FindAsync(Id(context), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, set, static (writer, found) =>
        {
            writer.WriteStartObject();
            if (found is not null)
            {
                WriteExperiments(writer, found);
            }

            writer.WriteEndObject();
        });
    }

    public static string Id(HttpContext context) => LoggedModelEndpoints.RouteText(context, "dataset_id");

    public static async Task<EvaluationSet> FindAsync(IEvaluationSetStore sets, HttpContext context) =>
        await sets.FindAsync(Id(context), context.RequestAborted)
        ?? throw CairnException.NotFound($"Evaluation dataset with id '{Id(context)}' not found");

    private async Task TieAsync(HttpContext context, bool remove)
    {
        using var fields = await RequestFields.ReadAsync(context);
        await sets.TieAsync(Id(context), ReadExperiments(fields.Ids("experiment_ids")), remove, context.RequestAborted);
        await WriteAsync(context, await FindAsync(sets, context), withExperiments: true);
    }

    private static List<ExperimentId> ReadExperiments(IReadOnlyList<string> ids)
    {
        var experiments = new List<ExperimentId>(ids.Count);
        foreach (var id in ids)
        {
            experiments.Add(ExperimentId.TryParse(id, out var experiment) ? experiment : throw CairnException.NotFound($"No Experiment with id={id} exists"));
        }

        return experiments;
    }

    /// <summary>Tags come as a text of JSON; values that are no texts are kept as their JSON.</summary>
    private static Dictionary<string, string?> ReadTags(string text)
    {
        using var document = LenientJson.Parse(Encoding.UTF8.GetBytes(text));
        if (document?.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw CairnException.Invalid("tags", "'tags' must be a text of JSON: an object of texts.");
        }

        var tags = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            var value = member.Value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => RequestText.Of(member.Value) ?? throw CairnException.Invalid("tags", $"The tag '{member.Name}' is not valid Unicode."),
                _ => PythonJson.Write(member.Value),
            };
            if (member.Name.Length is 0 or > RunRules.KeyLength || value?.Length > RunRules.ValueLength)
            {
                throw CairnException.Invalid("tags", $"'tags': a key has 1 to {RunRules.KeyLength} characters and a value at most {RunRules.ValueLength}.");
            }

            tags[member.Name] = value;
        }

        return tags;
    }

    /// <summary>Only where they were just changed are the experiments in the answer: clients ask for them by a call of their own, and count on it.</summary>
    private static Task WriteAsync(HttpContext context, EvaluationSet set, bool withExperiments) =>
        JsonAnswer.WriteAsync(context, withExperiments ? set : set with { Experiments = [] }, static (writer, found) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("dataset"u8);
            Write(writer, found);
            writer.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter writer, EvaluationSet set)
    {
        writer.WriteStartObject();
        writer.WriteString("dataset_id"u8, set.Id);
        writer.WriteString("name"u8, set.Name);
        var tags = new StringBuilder();
        PythonJson.AppendAll(tags, '{', set.Tags, tag => AppendTag(tags, tag), '}');
        writer.WriteString("tags"u8, tags.ToString());
        WriteText(writer, "schema"u8, set.Schema);
        WriteText(writer, "profile"u8, set.RecordCount > 0 ? $"{{\"num_records\": {set.RecordCount}}}" : null);
        writer.WriteString("digest"u8, set.Digest);
        writer.WriteNumber("created_time"u8, set.CreatedAt);
        writer.WriteNumber("last_update_time"u8, set.UpdatedAt);
        WriteText(writer, "created_by"u8, set.CreatedBy);
        WriteText(writer, "last_updated_by"u8, set.UpdatedBy);
        WriteExperiments(writer, set);
        writer.WriteEndObject();
    }

    private static void AppendTag(StringBuilder text, KeyValuePair<string, string> tag)
    {
        PythonJson.AppendText(text, tag.Key);
        text.Append(": ");
        PythonJson.AppendText(text, tag.Value);
    }

    private static void WriteExperiments(Utf8JsonWriter writer, EvaluationSet set)
    {
        if (set.Experiments.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("experiment_ids"u8);
        foreach (var experiment in set.Experiments)
        {
            writer.WriteStringValue(experiment.ToString());
        }

        writer.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
