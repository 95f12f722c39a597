using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SeattleWeather.Forest;

/// <summary>A trained model: a folder with <c>model.zip</c> (ML.NET's own format) and <c>model.json</c> (its <see cref="ModelCard"/>).</summary>
public sealed class RainModel
{
    private const string ModelFile = "model.zip";
    private const string CardFile = "model.json";

    /// <summary>The least date a zip entry can have.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" };

    private readonly ITransformer transformer;

    /// <summary>Joins a fitted transformer, which must yield a column "Probability", with its card.</summary>
    public RainModel(ITransformer transformer, ModelCard card)
    {
        this.transformer = transformer;
        Card = card;
    }

    /// <summary>What the model is and expects.</summary>
    public ModelCard Card { get; }

    /// <summary>Loads a model that <see cref="Save"/> wrote.</summary>
    public static RainModel Load(string folder)
    {
        var card = JsonSerializer.Deserialize<ModelCard>(File.ReadAllBytes(Path.Combine(folder, CardFile)), Json)
            ?? throw new StopException($"{CardFile} of the model is empty.");
        return card.Target == FeatureTable.Target
            ? new RainModel(new MLContext().Model.Load(Path.Combine(folder, ModelFile), out _), card)
            : throw new StopException($"The model forecasts '{card.Target}', not '{FeatureTable.Target}'.");
    }

    /// <summary>The rows as ML.NET reads them.</summary>
    public static IDataView View(MLContext ml, FeatureTable table)
    {
        var schema = SchemaDefinition.Create(typeof(Example));
        schema[nameof(Example.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, table.Names.Count);
        return ml.Data.LoadFromEnumerable(table.Rows.Select(row => new Example { Label = row.RainTomorrow, Features = row.Values }), schema);
    }

    /// <summary>For each row the probability of rain on the following day.</summary>
    public float[] Probabilities(FeatureTable table)
    {
        var ml = new MLContext();
        return [.. transformer.Transform(View(ml, table.Select(Card.Features))).GetColumn<float>("Probability")];
    }

    /// <summary>Writes the model into a folder. Equal models give equal bytes, so that training again makes no new version.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, ModelFile);
        var ml = new MLContext();
        ml.Model.Save(transformer, View(ml, new FeatureTable(Card.Features, [])).Schema, file);
        using (var zip = ZipFile.Open(file, ZipArchiveMode.Update))
        {
            foreach (var entry in zip.Entries)
            {
                entry.LastWriteTime = NoTime;
            }
        }

        File.WriteAllText(Path.Combine(folder, CardFile), JsonSerializer.Serialize(Card, Json) + "\n");
    }

    private sealed class Example
    {
        public bool Label { get; init; }

        public float[] Features { get; init; } = [];
    }
}
