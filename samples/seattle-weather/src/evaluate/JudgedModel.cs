using Cairn.Client;
using SeattleWeather.Forest;

namespace SeattleWeather.Evaluate;

/// <summary>A model version and what it foretold for the test days.</summary>
internal sealed record JudgedModel(UsedArtifact Artifact, float[] Probabilities, Scores Scores)
{
    public string Name => Artifact.Name;

    public string Version => Artifact.Version;

    /// <summary>The cleaned data the model comes from ("clean_data.csv:v1"), or null where its maker did not say.</summary>
    public string? CleanData => Artifact.Info.Metadata is { } metadata && metadata.TryGetProperty("clean_data", out var reference) ? reference.GetString() : null;

    /// <summary>Fetches a model and lets it foretell the days of a table; null where there is no such version.</summary>
    public static async Task<JudgedModel?> LoadAsync(CairnRun run, string reference, FeatureTable table, CancellationToken cancellation)
    {
        UsedArtifact artifact;
        try
        {
            artifact = await run.UseArtifactAsync(reference, cancellation);
        }
        catch (CairnClientException missing) when (missing.Code == "not_found")
        {
            return null;
        }

        var model = RainModel.Load(await artifact.DownloadAsync(cancellation: cancellation));
        var probabilities = model.Probabilities(table);
        return new JudgedModel(artifact, probabilities, Scores.Of(table.Labels, probabilities));
    }

    public Contender For(Metric metric) => new(Version, metric.Of(Scores));
}
