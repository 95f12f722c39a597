using GraphQLParser.AST;

namespace Cairn.Wandb.GraphQl;

/// <summary>Which fields of a type some selections ask for, fragments written out and directives obeyed, by their name in the answer.</summary>
internal sealed class FieldCollector(Schema schema, IReadOnlyDictionary<string, GraphQLFragmentDefinition> fragments, InputReader inputs)
{
    private static readonly Dictionary<string, SchemaInput> Condition = new(StringComparer.Ordinal)
    {
        ["if"] = new SchemaInput("if", new TypeRef("Boolean", null, IsRequired: true), null),
    };

    private readonly List<(string Key, List<GraphQLField> Fields)> wanted = [];

    public List<(string Key, List<GraphQLField> Fields)> Collect(SchemaType type, IReadOnlyList<GraphQLSelectionSet> selections)
    {
        foreach (var selection in selections)
        {
            Add(type, selection);
        }

        return wanted;
    }

    private void Add(SchemaType type, GraphQLSelectionSet selections)
    {
        foreach (var selection in selections.Selections)
        {
            if (!IsWanted(selection))
            {
                continue;
            }

            switch (selection)
            {
                case GraphQLField field:
                    Add(field);
                    break;
                case GraphQLInlineFragment inline when Applies(type, inline.TypeCondition?.Type.Name.StringValue):
                    Add(type, inline.SelectionSet);
                    break;
                case GraphQLFragmentSpread spread when fragments[spread.FragmentName.Name.StringValue] is var fragment && Applies(type, fragment.TypeCondition.Type.Name.StringValue):
                    Add(type, fragment.SelectionSet);
                    break;
            }
        }
    }

    private void Add(GraphQLField field)
    {
        var key = (field.Alias?.Name ?? field.Name).StringValue;
        foreach (var (known, same) in wanted)
        {
            if (known == key)
            {
                if (same[0].Name.StringValue != field.Name.StringValue)
                {
                    throw new GraphQlException($"The name \"{key}\" stands for two different fields. Give one of them another alias.");
                }

                same.Add(field);
                return;
            }
        }

        wanted.Add((key, [field]));
    }

    private bool Applies(SchemaType type, string? condition) => condition is null || condition == type.Name || schema.Types[condition].Possible.Contains(type.Name);

    private bool IsWanted(ASTNode selection)
    {
        foreach (var directive in (selection as IHasDirectivesNode)?.Directives?.Items ?? [])
        {
            var given = (directive.Arguments?.Items ?? []).Select(argument => (argument.Name.StringValue, argument.Value));
            var holds = inputs.ReadAll($"directive \"@{directive.Name.StringValue}\"", Condition, given)["if"] is true;
            if (holds != (directive.Name.StringValue == "include"))
            {
                return false;
            }
        }

        return true;
    }
}
