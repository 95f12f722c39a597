using Cairn.Wandb.Wire;

namespace Cairn.Wandb.GraphQl;

/// <summary>One field being answered: its arguments, and who asks.</summary>
/// <param name="Arguments">Only what was given or has a default.</param>
/// <param name="Request">The request the document came with.</param>
/// <param name="CancellationToken">Ends with the request.</param>
internal sealed record FieldCall(InputValues Arguments, WandbRequest Request, CancellationToken CancellationToken)
{
    /// <summary>The argument "input", which mutations have.</summary>
    public InputValues Input => Arguments.Object("input") ?? InputValues.None;
}

/// <summary>Values by name, checked against the schema already: arguments, or an input object.</summary>
internal sealed class InputValues(IReadOnlyDictionary<string, object?> values)
{
    public static InputValues None { get; } = new(new Dictionary<string, object?>());

    /// <summary>True where the value was given and is not null: W&amp;B's clients send null for "leave it".</summary>
    public bool Has(string name) => values.TryGetValue(name, out var value) && value is not null;

    public string? Text(string name) => values.GetValueOrDefault(name) as string;

    /// <summary>A text that the schema requires.</summary>
    public string Required(string name) => Text(name) ?? "";

    public long? Number(string name) => values.GetValueOrDefault(name) is long number ? number : null;

    public bool Flag(string name) => values.GetValueOrDefault(name) is true;

    public IReadOnlyList<string> Texts(string name) =>
        values.GetValueOrDefault(name) is IReadOnlyList<object?> list ? [.. list.OfType<string>()] : [];

    public InputValues? Object(string name) =>
        values.GetValueOrDefault(name) is IReadOnlyDictionary<string, object?> inner ? new InputValues(inner) : null;

    public IReadOnlyList<InputValues> Objects(string name) =>
        values.GetValueOrDefault(name) is IReadOnlyList<object?> list
            ? [.. list.OfType<IReadOnlyDictionary<string, object?>>().Select(inner => new InputValues(inner))]
            : [];

    /// <summary>As <see cref="Objects"/>, for lists of numbers.</summary>
    public IReadOnlyList<long> Numbers(string name) =>
        values.GetValueOrDefault(name) is IReadOnlyList<object?> list ? [.. list.OfType<long>()] : [];
}
