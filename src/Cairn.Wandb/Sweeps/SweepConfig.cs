using System.Globalization;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Sweeps;
using Cairn.Wandb.Wire;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Cairn.Wandb.Sweeps;

/// <summary>The config of a sweep: YAML, of which JSON is a part. Tags are not obeyed and repeated parts are not written out without end.</summary>
public static class SweepConfig
{
    private const int LongestText = 1024 * 1024;
    private const int MostNodes = 50_000;
    private const int GreatestDepth = 32;

    /// <summary>What a config asks for.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> naming what is wrong.</exception>
    public static SweepPlan Read(string config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Length > LongestText)
        {
            throw CairnException.Invalid("config", $"The config of the sweep has {config.Length} characters; at most {LongestText} are read.");
        }

        using var document = JsonDocument.Parse(ToJson(config));
        return SweepPlan.Read(document.RootElement);
    }

    private static ReadOnlyMemory<byte> ToJson(string config)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(config));
        }
        catch (YamlException fault)
        {
            throw CairnException.Invalid("config", $"The config of the sweep is no YAML: {fault.Message}");
        }

        if (stream.Documents.Count != 1)
        {
            throw CairnException.Invalid("config", "The config of the sweep must be one YAML document.");
        }

        var nodes = 0;
        return JsonText.WriteBytes(writer => Write(writer, stream.Documents[0].RootNode, 0, ref nodes));
    }

    private static void Write(Utf8JsonWriter writer, YamlNode node, int depth, ref int nodes)
    {
        if (depth > GreatestDepth || ++nodes > MostNodes)
        {
            throw CairnException.Invalid("config", $"The config of the sweep is nested deeper than {GreatestDepth} levels, or has more than {MostNodes} parts.");
        }

        switch (node)
        {
            case YamlMappingNode map:
                writer.WriteStartObject();
                foreach (var (key, value) in map.Children)
                {
                    writer.WritePropertyName((key as YamlScalarNode)?.Value ?? "");
                    Write(writer, value, depth + 1, ref nodes);
                }

                writer.WriteEndObject();
                break;
            case YamlSequenceNode list:
                writer.WriteStartArray();
                foreach (var item in list.Children)
                {
                    Write(writer, item, depth + 1, ref nodes);
                }

                writer.WriteEndArray();
                break;
            case YamlScalarNode scalar:
                WriteScalar(writer, scalar);
                break;
            default:
                throw CairnException.Invalid("config", "The config of the sweep uses a part of YAML that is not read.");
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not ScalarStyle.Plain and not ScalarStyle.Any)
        {
            writer.WriteStringValue(text);
            return;
        }

        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                writer.WriteNullValue();
                break;
            case "true" or "True" or "TRUE":
                writer.WriteBooleanValue(true);
                break;
            case "false" or "False" or "FALSE":
                writer.WriteBooleanValue(false);
                break;
            case var _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                writer.WriteNumberValue(whole);
                break;
            case var _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && !char.IsLetter(text[0]):
                // "1.0" must stay one with a point: bounds of whole numbers mean whole numbers.
                var digits = number.ToString("R", CultureInfo.InvariantCulture);
                writer.WriteRawValue(digits.AsSpan().ContainsAny('.', 'E') ? digits : $"{digits}.0", skipInputValidation: true);
                break;
            default:
                writer.WriteStringValue(text);
                break;
        }
    }
}
