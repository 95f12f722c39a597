using System.Text.Json;
using Cairn.Core;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.LoggedModels;

/// <summary>
/// Page tokens of searches over logged models. MLflow's say beside the offset which search they belong to, and are refused
/// by another.
/// </summary>
internal sealed class LoggedModelToken(RequestFields search)
{
    private static readonly (string Field, string Word, string Verb)[] Parts =
    [
        ("experiment_ids", "Experiment IDs", "do not"),
        ("filter", "Filter string", "does not"),
        ("order_by", "Order by", "does not"),
    ];

    public string Write(int offset)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteNumber("offset"u8, offset);
            foreach (var (field, _, _) in Parts)
            {
                writer.WriteString(field, Asked(field));
            }

            writer.WriteEndObject();
        }

        return Convert.ToBase64String(bytes.ToArray());
    }

    /// <summary>The offset; 0 for no token.</summary>
    public int Read(string? token)
    {
        var offset = PageToken.Read(token);
        foreach (var (field, word, verb) in Parts)
        {
            if (PageToken.Said(token, field) is { } begun && begun != Asked(field))
            {
                throw CairnException.Invalid(
                    "page_token",
                    $"{word} in the page token {verb} match the requested {char.ToLowerInvariant(word[0])}{word[1..]}. Begin the search anew, without the token.");
            }
        }

        return offset;
    }

    private string Asked(string field) => search.Value(field) is { IsAbsent: false } value ? value.Json : "";
}
