namespace Cairn.Wandb.GraphQl;

/// <summary>Every type there is.</summary>
internal sealed class Schema(Dictionary<string, SchemaType> types)
{
    public IReadOnlyDictionary<string, SchemaType> Types => types;

    public SchemaType Query { get; } = types["Query"];

    public SchemaType Mutation { get; } = types["Mutation"];

    public SchemaType? Find(string name) => types.GetValueOrDefault(name);

    /// <summary>The type a field's value is of, inside of all lists.</summary>
    public SchemaType Of(TypeRef type) => types[type.Innermost];
}
