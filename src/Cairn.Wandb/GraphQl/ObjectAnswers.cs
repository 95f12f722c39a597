namespace Cairn.Wandb.GraphQl;

/// <summary>The value that root fields are asked of.</summary>
internal sealed class RootValue
{
    public static RootValue Instance { get; } = new();
}

/// <summary>Registers what answers the fields of an object type whose values are <typeparamref name="T"/>.</summary>
internal sealed class ObjectAnswers<T>(SchemaType type)
    where T : class
{
    /// <summary>A field that is a plain property of the value.</summary>
    public ObjectAnswers<T> Field(string name, Func<T, object?> answer) =>
        Set(name, (value, _) => ValueTask.FromResult(answer((T)value)));

    /// <summary>A field that looks at its arguments, or at who asks.</summary>
    public ObjectAnswers<T> Field(string name, Func<T, FieldCall, object?> answer) =>
        Set(name, (value, call) => ValueTask.FromResult(answer((T)value, call)));

    /// <summary>A field that has to be fetched.</summary>
    public ObjectAnswers<T> FieldAsync(string name, Func<T, FieldCall, ValueTask<object?>> answer) =>
        Set(name, (value, call) => answer((T)value, call));

    private ObjectAnswers<T> Set(string name, Func<object, FieldCall, ValueTask<object?>> answer)
    {
        var field = type.Fields.TryGetValue(name, out var found)
            ? found
            : throw new InvalidOperationException($"The type '{type.Name}' has no field '{name}' to answer.");
        field.Resolve = field.Resolve is null ? answer : throw new InvalidOperationException($"The field '{type.Name}.{name}' is answered twice.");
        return this;
    }
}
