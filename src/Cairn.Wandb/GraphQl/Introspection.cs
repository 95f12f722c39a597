namespace Cairn.Wandb.GraphQl;

/// <summary>The schema as data: clients ask which fields a server has before they use them.</summary>
internal sealed class Introspection : ISchemaSlice
{
    private static readonly string[] Locations = ["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"];

    public string Text =>
        """
        extend type Query {
          __schema: __Schema!
          __type(name: String!): __Type
        }
        type __Schema {
          description: String
          types: [__Type!]!
          queryType: __Type!
          mutationType: __Type
          subscriptionType: __Type
          directives: [__Directive!]!
        }
        type __Type {
          kind: String!
          name: String
          description: String
          specifiedByURL: String
          fields(includeDeprecated: Boolean = false): [__Field!]
          interfaces: [__Type!]
          possibleTypes: [__Type!]
          enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
          inputFields(includeDeprecated: Boolean = false): [__InputValue!]
          ofType: __Type
        }
        type __Field {
          name: String!
          description: String
          args(includeDeprecated: Boolean = false): [__InputValue!]!
          type: __Type!
          isDeprecated: Boolean!
          deprecationReason: String
        }
        type __InputValue {
          name: String!
          description: String
          type: __Type!
          defaultValue: String
          isDeprecated: Boolean!
          deprecationReason: String
        }
        type __EnumValue {
          name: String!
          description: String
          isDeprecated: Boolean!
          deprecationReason: String
        }
        type __Directive {
          name: String!
          description: String
          locations: [String!]!
          args: [__InputValue!]!
          isRepeatable: Boolean!
        }
        """;

    public void Answer(SchemaBuilder builder)
    {
        builder.Query
            .Field("__schema", (_, call) => call.Request.Schema)
            .Field("__type", (_, call) => call.Request.Schema.Find(call.Arguments.Required("name")) is { } type ? new TypeView(call.Request.Schema, type) : null);
        builder.Object<Schema>("__Schema")
            .Field("description", _ => null)
            .Field("types", all => all.Types.Values.OrderBy(type => type.Name, StringComparer.Ordinal).Select(type => new TypeView(all, type)))
            .Field("queryType", all => new TypeView(all, all.Query))
            .Field("mutationType", all => new TypeView(all, all.Mutation))
            .Field("subscriptionType", _ => null)
            .Field("directives", all => new[] { new DirectiveView(all, "include"), new DirectiveView(all, "skip") });
        builder.Object<TypeView>("__Type")
            .Field("kind", view => view.Kind)
            .Field("name", view => view.Wrapped is null ? view.Type!.Name : null)
            .Field("description", _ => null)
            .Field("specifiedByURL", _ => null)
            .Field("fields", view => view.Type?.Kind is TypeKind.Object or TypeKind.Interface ? view.Type.Fields.Values.Where(IsShown).Select(field => new FieldView(view.All, field)) : null)
            .Field("interfaces", view => view.Type?.Kind is TypeKind.Object or TypeKind.Interface ? view.Type.Interfaces.Select(name => new TypeView(view.All, view.All.Types[name])) : null)
            .Field("possibleTypes", view => view.Type?.Kind is TypeKind.Interface or TypeKind.Union ? view.Type.Possible.Select(name => new TypeView(view.All, view.All.Types[name])) : null)
            .Field("enumValues", view => view.Type?.Kind is TypeKind.Enum ? view.Type.EnumValues.Select(name => new EnumView(name)) : null)
            .Field("inputFields", view => view.Type?.Kind is TypeKind.InputObject ? view.Type.Inputs.Values.Select(input => new InputView(view.All, input)) : null)
            .Field("ofType", view => view.Inner);
        builder.Object<FieldView>("__Field")
            .Field("name", view => view.Field.Name)
            .Field("description", _ => null)
            .Field("args", view => view.Field.Arguments.Values.Select(input => new InputView(view.All, input)))
            .Field("type", view => new TypeView(view.All, view.Field.Type))
            .Field("isDeprecated", _ => false)
            .Field("deprecationReason", _ => null);
        builder.Object<InputView>("__InputValue")
            .Field("name", view => view.Input.Name)
            .Field("description", _ => null)
            .Field("type", view => new TypeView(view.All, view.Input.Type))
            .Field("defaultValue", view => view.Input.Default is { } value ? InputReader.Show(value) : null)
            .Field("isDeprecated", _ => false)
            .Field("deprecationReason", _ => null);
        builder.Object<EnumView>("__EnumValue")
            .Field("name", view => view.Name)
            .Field("description", _ => null)
            .Field("isDeprecated", _ => false)
            .Field("deprecationReason", _ => null);
        builder.Object<DirectiveView>("__Directive")
            .Field("name", view => view.Name)
            .Field("description", _ => null)
            .Field("locations", _ => Locations)
            .Field("args", view => new[] { new InputView(view.All, new SchemaInput("if", new TypeRef("Boolean", null, IsRequired: true), null)) })
            .Field("isRepeatable", _ => false);
    }

    // Introspection's own entry points are not fields of Query to those who ask.
    private static bool IsShown(SchemaField field) => !field.Name.StartsWith("__", StringComparison.Ordinal);

    private sealed class TypeView
    {
        public TypeView(Schema all, SchemaType type) => (All, Type) = (all, type);

        public TypeView(Schema all, TypeRef type)
        {
            All = all;
            if (type.IsRequired)
            {
                Wrapped = "NON_NULL";
                Inner = new TypeView(all, type with { IsRequired = false });
            }
            else if (type.Item is { } item)
            {
                Wrapped = "LIST";
                Inner = new TypeView(all, item);
            }
            else
            {
                Type = all.Types[type.Name!];
            }
        }

        public Schema All { get; }

        public SchemaType? Type { get; }

        public string? Wrapped { get; }

        public TypeView? Inner { get; }

        public string Kind => Wrapped ?? Type!.Kind switch
        {
            TypeKind.Object => "OBJECT",
            TypeKind.Interface => "INTERFACE",
            TypeKind.Union => "UNION",
            TypeKind.Enum => "ENUM",
            TypeKind.InputObject => "INPUT_OBJECT",
            _ => "SCALAR",
        };
    }

    private sealed record FieldView(Schema All, SchemaField Field);

    private sealed record InputView(Schema All, SchemaInput Input);

    private sealed record EnumView(string Name);

    private sealed record DirectiveView(Schema All, string Name);
}
