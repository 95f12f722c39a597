using GraphQLParser.AST;

namespace Cairn.Wandb.GraphQl;

/// <summary>A type as fields and arguments name it: a name, a list, or either with null ruled out.</summary>
internal sealed record TypeRef(string? Name, TypeRef? Item, bool IsRequired)
{
    /// <summary>The name inside of all lists.</summary>
    public string Innermost => Name ?? Item!.Innermost;

    public static TypeRef Of(GraphQLType type) => type switch
    {
        GraphQLNonNullType required => Of(required.Type) with { IsRequired = true },
        GraphQLListType list => new TypeRef(null, Of(list.Type), IsRequired: false),
        GraphQLNamedType named => new TypeRef(named.Name.StringValue, null, IsRequired: false),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type.Kind, "This is no reference to a type."),
    };

    public override string ToString() => $"{Name ?? $"[{Item}]"}{(IsRequired ? "!" : "")}";
}
