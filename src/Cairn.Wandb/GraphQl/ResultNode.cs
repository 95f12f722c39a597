namespace Cairn.Wandb.GraphQl;

/// <summary>An object of an answer: its members in the order they were asked for.</summary>
internal sealed class ResultNode(int capacity)
{
    public List<KeyValuePair<string, object?>> Members { get; } = new(capacity);
}

/// <summary>A member whose value is JSON itself (the scalar type JSON), already written.</summary>
internal sealed record RawJson(ReadOnlyMemory<byte> Utf8);

/// <summary>Something that went wrong while a field was answered.</summary>
/// <param name="Message">What, for people.</param>
/// <param name="Path">Where: names and indexes.</param>
/// <param name="Code">The house's code of a refusal, or null.</param>
internal sealed record FieldError(string Message, IReadOnlyList<object> Path, string? Code);
