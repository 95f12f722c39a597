using System.Text.Json;

namespace Cairn.Mlflow.Wire;

/// <summary>
/// Members of an object by the name of a field. Protobuf's JSON writes <c>page_token</c> also as <c>pageToken</c>, and
/// programs that make their requests from MLflow's definitions do.
/// </summary>
internal static class FieldNames
{
    public static bool TryFind(JsonElement element, string name, out JsonElement value)
    {
        value = default;
        if (element.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        if (element.TryGetProperty(name, out value))
        {
            return true;
        }

        Span<char> humped = stackalloc char[64];
        return name.Length <= humped.Length && name.Contains('_', StringComparison.Ordinal) && element.TryGetProperty(humped[..Hump(name, humped)], out value);
    }

    private static int Hump(string name, Span<char> humped)
    {
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            humped[length++] = name[i] == '_' && i + 1 < name.Length ? char.ToUpperInvariant(name[++i]) : name[i];
        }

        return length;
    }
}
