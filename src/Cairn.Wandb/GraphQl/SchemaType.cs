using GraphQLParser.AST;

namespace Cairn.Wandb.GraphQl;

/// <summary>The kinds of types a schema knows, with the names introspection gives them.</summary>
internal enum TypeKind
{
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    InputObject,
}

/// <summary>A named type of the schema.</summary>
internal sealed class SchemaType(TypeKind kind, string name)
{
    public TypeKind Kind { get; } = kind;

    public string Name { get; } = name;

    /// <summary>Fields of an object or interface, as the schema text orders them.</summary>
    public Dictionary<string, SchemaField> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>Fields of an input object.</summary>
    public Dictionary<string, SchemaInput> Inputs { get; } = new(StringComparer.Ordinal);

    public List<string> EnumValues { get; } = [];

    /// <summary>For an interface or a union, the object types behind it; for an object, itself.</summary>
    public HashSet<string> Possible { get; } = new(StringComparer.Ordinal);

    /// <summary>Interfaces an object implements.</summary>
    public List<string> Interfaces { get; } = [];

    /// <summary>For an interface or a union: the name of the object type that a value is of.</summary>
    public Func<object, string>? TypeOf { get; set; }

    public bool IsLeaf => Kind is TypeKind.Scalar or TypeKind.Enum;

    public bool IsInput => Kind is TypeKind.Scalar or TypeKind.Enum or TypeKind.InputObject;
}

/// <summary>A field that can be asked for.</summary>
internal sealed class SchemaField(string name, TypeRef type, Dictionary<string, SchemaInput> arguments)
{
    public string Name { get; } = name;

    public TypeRef Type { get; } = type;

    public Dictionary<string, SchemaInput> Arguments { get; } = arguments;

    /// <summary>From the value the field is asked of, and the call, to the field's value.</summary>
    public Func<object, FieldCall, ValueTask<object?>>? Resolve { get; set; }
}

/// <summary>An argument, or a field of an input object.</summary>
internal sealed record SchemaInput(string Name, TypeRef Type, GraphQLValue? Default);
