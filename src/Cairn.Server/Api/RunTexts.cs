using System.Text;
using Cairn.Core;
using Cairn.Core.Datasets;
using Cairn.Core.Runs;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>What runs keep as it was written, and what they are tied to, between the wire and the house.</summary>
internal static class RunTexts
{
    private const string History = "history";
    private const string System = "system";

    public static SortedDictionary<string, string>? ToWire(IReadOnlyList<RunDocument> documents) =>
        documents.Count == 0 ? null : new(documents.ToDictionary(document => document.Name, document => document.Json), StringComparer.Ordinal);

    public static IReadOnlyList<Wire.ImportLines>? ToWire(IReadOnlyList<LineBlock> blocks) =>
        blocks.Count == 0 ? null
        : [.. blocks.Select(block => new Wire.ImportLines(
            block.Stream == LineStream.History ? History : System,
            block.First,
            block.LeastStep,
            block.GreatestStep,
            Encoding.UTF8.GetString(block.Utf8.Span).TrimEnd('\n').Split('\n')))];

    public static IReadOnlyList<Wire.ImportDataset>? ToWire(IReadOnlyList<DatasetInput> inputs) =>
        inputs.Count == 0 ? null
        : [.. inputs.Select(input => new Wire.ImportDataset(
            input.Dataset.Name,
            input.Dataset.Digest,
            input.Dataset.SourceType,
            input.Dataset.Source,
            input.Dataset.Schema,
            input.Dataset.Profile,
            input.Tags.Count == 0 ? null : new SortedDictionary<string, string>(input.Tags.ToDictionary(tag => tag.Key, tag => tag.Value), StringComparer.Ordinal)))];

    public static IReadOnlyList<LineBlock> ToBlocks(IReadOnlyList<Wire.ImportLines>? lines, int run)
    {
        var blocks = new List<LineBlock>(lines?.Count ?? 0);
        for (var i = 0; i < (lines?.Count ?? 0); i++)
        {
            var at = $"runs[{run}].lines[{i}]";
            var sent = lines![i];
            if (sent.First < 0 || sent.Text.Count == 0 || sent.Text.Any(line => line.Contains('\n', StringComparison.Ordinal)))
            {
                throw CairnException.Invalid(at, $"'{at}' must have a 'first' from 0 on and at least one line in 'text', each without line ends.");
            }

            var stream = sent.Stream switch
            {
                History => LineStream.History,
                System => LineStream.System,
                _ => throw CairnException.Invalid($"{at}.stream", $"'{at}.stream' must be '{History}' or '{System}'."),
            };
            blocks.Add(new LineBlock(stream, sent.First, sent.Text.Count, sent.LeastStep, sent.GreatestStep, Encoding.UTF8.GetBytes(string.Concat(sent.Text.Select(line => line + "\n")))));
        }

        return blocks;
    }

    public static RunLinks ToLinks(Wire.ImportRun sent) => new(
        [.. (sent.Datasets ?? []).Select(data => new DatasetInput(
            new Dataset(data.Name, data.Digest, data.SourceType, data.Source, data.Schema, data.Profile),
            [.. data.Tags ?? new Dictionary<string, string>()]))],
        sent.ModelInputs ?? [],
        [.. (sent.ModelOutputs ?? []).Select(made => new ModelOutput(made.ModelId, made.Step))]);
}
