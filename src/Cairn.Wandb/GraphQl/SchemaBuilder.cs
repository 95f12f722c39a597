using GraphQLParser;
using GraphQLParser.AST;

namespace Cairn.Wandb.GraphQl;

/// <summary>Puts slices together into one schema, and refuses one in which a field has no answer or an answer no field.</summary>
internal sealed class SchemaBuilder
{
    private static readonly string[] Scalars = ["String", "Int", "Float", "Boolean", "ID", "Int64", "JSON", "JSONString", "DateTime", "Duration"];

    private readonly Dictionary<string, SchemaType> types = new(StringComparer.Ordinal);

    private SchemaBuilder()
    {
        foreach (var scalar in Scalars)
        {
            types.Add(scalar, new SchemaType(TypeKind.Scalar, scalar));
        }

        types.Add("Query", new SchemaType(TypeKind.Object, "Query"));
        types.Add("Mutation", new SchemaType(TypeKind.Object, "Mutation"));
    }

    public static Schema Build(IEnumerable<ISchemaSlice> slices)
    {
        var builder = new SchemaBuilder();
        var all = slices.Append(new Introspection()).ToList();
        var documents = all.ConvertAll(slice => Parser.Parse(slice.Text, new ParserOptions { Ignore = IgnoreOptions.All }));

        // Types first: a slice may extend what a later one brings.
        foreach (var definition in documents.SelectMany(document => document.Definitions).Where(node => node is not GraphQLObjectTypeExtension and not GraphQLInputObjectTypeExtension))
        {
            builder.Add(definition);
        }

        foreach (var definition in documents.SelectMany(document => document.Definitions).Where(node => node is GraphQLObjectTypeExtension or GraphQLInputObjectTypeExtension))
        {
            builder.Add(definition);
        }

        builder.Link();
        foreach (var slice in all)
        {
            slice.Answer(builder);
        }

        builder.Check();
        return new Schema(builder.types);
    }

    /// <summary>Answers of an object type whose values are <typeparamref name="T"/>.</summary>
    public ObjectAnswers<T> Object<T>(string type)
        where T : class =>
        new(Find(type));

    /// <summary>Answers of the root type "Query".</summary>
    public ObjectAnswers<RootValue> Query => Object<RootValue>("Query");

    /// <summary>Answers of the root type "Mutation".</summary>
    public ObjectAnswers<RootValue> Mutation => Object<RootValue>("Mutation");

    /// <summary>Says which object type a value of an interface or a union is of.</summary>
    public void TypeOf(string interfaceOrUnion, Func<object, string> nameOf) => Find(interfaceOrUnion).TypeOf = nameOf;

    private SchemaType Find(string type) =>
        types.TryGetValue(type, out var found) ? found : throw new InvalidOperationException($"The schema has no type '{type}'.");

    private void Add(ASTNode definition)
    {
        switch (definition)
        {
            case GraphQLObjectTypeExtension extension:
                AddFields(Find(extension.Name.StringValue), extension.Fields);
                break;
            case GraphQLInputObjectTypeExtension extension:
                AddInputs(Find(extension.Name.StringValue), extension.Fields);
                break;
            case GraphQLObjectTypeDefinition type:
                var created = New(TypeKind.Object, type.Name);
                created.Interfaces.AddRange(type.Interfaces?.Items.Select(name => name.Name.StringValue) ?? []);
                AddFields(created, type.Fields);
                break;
            case GraphQLInterfaceTypeDefinition type:
                AddFields(New(TypeKind.Interface, type.Name), type.Fields);
                break;
            case GraphQLUnionTypeDefinition type:
                New(TypeKind.Union, type.Name).Possible.UnionWith(type.Types?.Items.Select(name => name.Name.StringValue) ?? []);
                break;
            case GraphQLEnumTypeDefinition type:
                New(TypeKind.Enum, type.Name).EnumValues.AddRange(type.Values?.Items.Select(value => value.Name.StringValue) ?? []);
                break;
            case GraphQLInputObjectTypeDefinition type:
                AddInputs(New(TypeKind.InputObject, type.Name), type.Fields);
                break;
            case GraphQLScalarTypeDefinition type:
                New(TypeKind.Scalar, type.Name);
                break;
            default:
                throw new InvalidOperationException($"A slice holds a {definition.Kind}; only types and extensions belong there.");
        }
    }

    private SchemaType New(TypeKind kind, GraphQLName name)
    {
        var type = new SchemaType(kind, name.StringValue);
        return types.TryAdd(type.Name, type) ? type : throw new InvalidOperationException($"The type '{type.Name}' is defined twice.");
    }

    private static void AddFields(SchemaType type, GraphQLFieldsDefinition? fields)
    {
        foreach (var field in fields?.Items ?? [])
        {
            var arguments = new Dictionary<string, SchemaInput>(StringComparer.Ordinal);
            foreach (var argument in field.Arguments?.Items ?? [])
            {
                arguments.Add(argument.Name.StringValue, Input(argument));
            }

            if (!type.Fields.TryAdd(field.Name.StringValue, new SchemaField(field.Name.StringValue, TypeRef.Of(field.Type), arguments)))
            {
                throw new InvalidOperationException($"The field '{type.Name}.{field.Name.StringValue}' is defined twice.");
            }
        }
    }

    private static void AddInputs(SchemaType type, GraphQLInputFieldsDefinition? fields)
    {
        foreach (var field in fields?.Items ?? [])
        {
            if (!type.Inputs.TryAdd(field.Name.StringValue, Input(field)))
            {
                throw new InvalidOperationException($"The input '{type.Name}.{field.Name.StringValue}' is defined twice.");
            }
        }
    }

    private static SchemaInput Input(GraphQLInputValueDefinition input) =>
        new(input.Name.StringValue, TypeRef.Of(input.Type), input.DefaultValue);

    private void Link()
    {
        foreach (var type in types.Values.Where(type => type.Kind == TypeKind.Object))
        {
            type.Possible.Add(type.Name);
            foreach (var name in type.Interfaces)
            {
                Find(name).Possible.Add(type.Name);
            }
        }
    }

    private void Check()
    {
        foreach (var type in types.Values)
        {
            foreach (var field in type.Fields.Values)
            {
                Find(field.Type.Innermost);
                if (type.Kind == TypeKind.Object && field.Resolve is null)
                {
                    throw new InvalidOperationException($"Nothing answers the field '{type.Name}.{field.Name}'.");
                }

                foreach (var argument in field.Arguments.Values)
                {
                    CheckInput(argument, $"{type.Name}.{field.Name}");
                }
            }

            foreach (var input in type.Inputs.Values)
            {
                CheckInput(input, type.Name);
            }

            if (type.Kind is TypeKind.Interface or TypeKind.Union && type.TypeOf is null)
            {
                throw new InvalidOperationException($"Nothing says which type a value of '{type.Name}' is of.");
            }
        }
    }

    private void CheckInput(SchemaInput input, string where)
    {
        if (!Find(input.Type.Innermost).IsInput)
        {
            throw new InvalidOperationException($"'{where}' takes '{input.Name}' of type {input.Type}, which is no input type.");
        }
    }
}
