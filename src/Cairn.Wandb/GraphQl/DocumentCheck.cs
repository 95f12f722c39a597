using GraphQLParser.AST;

namespace Cairn.Wandb.GraphQl;

/// <summary>
/// Walks a document once before anything of it runs: every name must be one of the schema's, and the whole, with its
/// fragments written out, must stay within the limits.
/// </summary>
internal sealed class DocumentCheck(Schema schema, IReadOnlyDictionary<string, GraphQLFragmentDefinition> fragments)
{
    /// <summary>Levels of fields below each other. Introspection by tools needs 13, clients' own documents 11.</summary>
    public const int GreatestDepth = 20;

    /// <summary>Fields of the document with its fragments written out. The largest document of a client has some 150.</summary>
    public const int MostFields = 2000;

    /// <summary>Fields at the root: each may be a search.</summary>
    public const int MostRootFields = 32;

    /// <summary>Fields under another name than their own.</summary>
    public const int MostAliases = 200;

    private readonly HashSet<string> open = new(StringComparer.Ordinal);
    private int fields;
    private int aliases;

    public void Check(GraphQLOperationDefinition operation)
    {
        if (operation.SelectionSet.Selections.Count > MostRootFields)
        {
            throw new GraphQlException($"The operation asks for more than {MostRootFields} root fields. Split it into several documents.");
        }

        var root = operation.Operation switch
        {
            OperationType.Query => schema.Query,
            OperationType.Mutation => schema.Mutation,
            _ => throw new GraphQlException("Subscriptions are not supported."),
        };
        Check(root, operation.SelectionSet, depth: 1);
    }

    private void Check(SchemaType type, GraphQLSelectionSet selections, int depth)
    {
        if (depth > GreatestDepth)
        {
            throw new GraphQlException($"The document is nested deeper than {GreatestDepth} levels.");
        }

        foreach (var selection in selections.Selections)
        {
            CheckDirectives(selection);
            switch (selection)
            {
                case GraphQLField field:
                    Check(type, field, depth);
                    break;
                case GraphQLInlineFragment inline:
                    // A fragment costs as much as a field does: empty ones could be piled up without end.
                    Count();
                    Check(inline.TypeCondition is { } condition ? Condition(condition.Type.Name.StringValue) : type, inline.SelectionSet, depth);
                    break;
                case GraphQLFragmentSpread spread:
                    CheckSpread(spread.FragmentName.Name.StringValue, depth);
                    break;
            }
        }
    }

    private void CheckSpread(string name, int depth)
    {
        Count();
        var fragment = fragments.TryGetValue(name, out var found) ? found : throw new GraphQlException($"Unknown fragment \"{name}\".");
        if (!open.Add(name))
        {
            throw new GraphQlException($"The fragment \"{name}\" contains itself.");
        }

        Check(Condition(fragment.TypeCondition.Type.Name.StringValue), fragment.SelectionSet, depth);
        open.Remove(name);
    }

    private void Check(SchemaType type, GraphQLField field, int depth)
    {
        Count();
        if (field.Alias is not null && ++aliases > MostAliases)
        {
            throw new GraphQlException($"The document has more than {MostAliases} aliases.");
        }

        var name = field.Name.StringValue;
        if (name == "__typename")
        {
            return;
        }

        if (!type.Fields.TryGetValue(name, out var known))
        {
            throw new GraphQlException($"Cannot query field \"{name}\" on type \"{type.Name}\".");
        }

        var inner = schema.Of(known.Type);
        if (inner.IsLeaf && field.SelectionSet is not null)
        {
            throw new GraphQlException($"Field \"{name}\" of type \"{known.Type}\" has no fields of its own to ask for.");
        }

        if (!inner.IsLeaf)
        {
            Check(inner, field.SelectionSet ?? throw new GraphQlException($"Field \"{name}\" of type \"{known.Type}\" must say which of its fields are wanted."), depth + 1);
        }

        foreach (var argument in field.Arguments?.Items ?? [])
        {
            if (!known.Arguments.ContainsKey(argument.Name.StringValue))
            {
                throw new GraphQlException($"Unknown argument \"{argument.Name.StringValue}\" on field \"{type.Name}.{name}\".");
            }
        }
    }

    private static void CheckDirectives(ASTNode selection)
    {
        foreach (var directive in (selection as IHasDirectivesNode)?.Directives?.Items ?? [])
        {
            if (directive.Name.StringValue is not ("include" or "skip"))
            {
                throw new GraphQlException($"Unknown directive \"@{directive.Name.StringValue}\".");
            }
        }
    }

    private SchemaType Condition(string name)
    {
        var type = schema.Find(name) ?? throw new GraphQlException($"Unknown type \"{name}\".");
        return type.Kind is TypeKind.Object or TypeKind.Interface or TypeKind.Union ? type : throw new GraphQlException($"A fragment cannot be on the type \"{name}\": it has no fields.");
    }

    private void Count()
    {
        if (++fields > MostFields)
        {
            throw new GraphQlException($"The document asks for more than {MostFields} fields, with its fragments written out.");
        }
    }
}
