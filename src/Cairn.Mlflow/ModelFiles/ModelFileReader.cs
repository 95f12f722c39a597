using System.Globalization;
using System.Text.Json;
using YamlDotNet.Core;

namespace Cairn.Mlflow.ModelFiles;

/// <summary>Reads <c>MLmodel</c>. Whoever logs a model writes the file, so it is text to be doubted: what cannot be read is left out.</summary>
public static class ModelFileReader
{
    /// <summary>What the file says, or null where it is none.</summary>
    public static ModelFile? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > ModelFile.Longest)
        {
            return null;
        }

        try
        {
            return YamlTree.Read(text) is Dictionary<string, object?> root ? Read(root) : null;
        }
        catch (YamlException)
        {
            return null;
        }
    }

    private static ModelFile? Read(Dictionary<string, object?> root)
    {
        if (root.GetValueOrDefault("flavors") is not Dictionary<string, object?> flavors)
        {
            return null;
        }

        var example = root.GetValueOrDefault("saved_input_example_info") as Dictionary<string, object?>;
        return new ModelFile(
            [.. flavors.Select(flavor => new ModelFlavor(flavor.Key, Flatten(flavor.Value)))],
            root.GetValueOrDefault("signature") is Dictionary<string, object?> signature ? ReadSignature(signature) : null,
            example?.GetValueOrDefault("artifact_path") as string,
            root.GetValueOrDefault("mlflow_version") as string,
            root.GetValueOrDefault("utc_time_created") as string,
            long.TryParse(root.GetValueOrDefault("model_size_bytes") as string, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null,
            (root.GetValueOrDefault("model_id") ?? root.GetValueOrDefault("model_uuid")) as string,
            root.GetValueOrDefault("run_id") as string,
            Flatten(root.GetValueOrDefault("metadata")));
    }

    private static ModelSignature? ReadSignature(Dictionary<string, object?> signature)
    {
        var read = new ModelSignature(Fields(signature, "inputs"), Fields(signature, "outputs"), Fields(signature, "params"));
        return read is { Inputs: null, Outputs: null, Params: null } ? null : read;
    }

    // Each is JSON within the YAML.
    private static List<ModelField>? Fields(Dictionary<string, object?> signature, string name)
    {
        if (signature.GetValueOrDefault(name) is not string json)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Where(field => field.ValueKind == JsonValueKind.Object).Select(ReadField)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ModelField ReadField(JsonElement field)
    {
        var spec = field.TryGetProperty("tensor-spec", out var tensor) && tensor.ValueKind == JsonValueKind.Object ? tensor : field;
        var isTensor = spec.TryGetProperty("dtype", out var dtype) && Text(field, "type") == "tensor";
        var shape = spec.TryGetProperty("shape", out var dimensions) && dimensions.ValueKind == JsonValueKind.Array
            ? $"({string.Join(", ", dimensions.EnumerateArray().Select(dimension => dimension.GetRawText()))})"
            : null;
        return new ModelField(
            Text(field, "name"),
            isTensor ? $"tensor({dtype})" : TypeOf(field),
            shape,
            !(field.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.False)
                && !(field.TryGetProperty("optional", out var optional) && optional.ValueKind == JsonValueKind.True),
            field.TryGetProperty("default", out var value) ? value.GetRawText() : null);
    }

    private static string TypeOf(JsonElement field)
    {
        if (field.ValueKind != JsonValueKind.Object)
        {
            return field.ToString();
        }

        var type = Text(field, "type") ?? Text(field, "dtype") ?? "unknown";
        return field.TryGetProperty("items", out var items) ? $"{type}({TypeOf(items)})"
            : field.TryGetProperty("values", out var values) ? $"{type}({TypeOf(values)})"
            : field.TryGetProperty("properties", out var members) && members.ValueKind == JsonValueKind.Object
                ? $"{type}({string.Join(", ", members.EnumerateObject().Select(member => $"{member.Name}: {TypeOf(member.Value)}"))})"
            : type;
    }

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static Dictionary<string, string> Flatten(object? value)
    {
        var flat = new Dictionary<string, string>(StringComparer.Ordinal);
        Flatten(flat, "", value);
        return flat;
    }

    private static void Flatten(Dictionary<string, string> flat, string name, object? value)
    {
        switch (value)
        {
            case Dictionary<string, object?> map:
                foreach (var (key, inner) in map)
                {
                    Flatten(flat, name.Length == 0 ? key : $"{name}.{key}", inner);
                }

                break;
            case List<object?> list:
                flat[name] = string.Join(", ", list.Select(item => item as string ?? "…"));
                break;
            case string text:
                flat[name] = text;
                break;
        }
    }
}
