using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;

namespace Cairn.Mlflow.Graph;

/// <summary>A document that was read: its operation and fragments, within MLflow's limits.</summary>
internal sealed class GraphDocument
{
    /// <summary>MLflow's pages send 3,000 characters at most, its tests a thousand fields with names of their own.</summary>
    private const int LongestText = 64 * 1024;

    /// <summary>The parser's time grows with the square of a block string's length, and MLflow's pages send none.</summary>
    private const string BlockString = "\"\"\"";
    private const int MostRootFields = 10;
    private const int MostAliases = 10;
    private const int Deepest = 10;
    private const int MostSelections = 1000;

    private readonly Dictionary<string, GraphQLFragmentDefinition> fragments = new(StringComparer.Ordinal);

    private GraphDocument(GraphQLOperationDefinition operation) => Operation = operation;

    public GraphQLOperationDefinition Operation { get; }

    /// <exception cref="GraphFault">It cannot be read, or is beyond the limits.</exception>
    public static GraphDocument Read(string text, string? name)
    {
        var parsed = Parse(text);
        var operations = parsed.Definitions.OfType<GraphQLOperationDefinition>().ToList();
        var operation = operations.Count == 1 && string.IsNullOrEmpty(name)
            ? operations[0]
            : operations.Find(candidate => candidate.Name?.StringValue == name)
                ?? throw new GraphFault(operations.Count == 0 ? "The document has no operation." : $"Unknown operation named '{name}'.");
        var document = new GraphDocument(operation);
        foreach (var fragment in parsed.Definitions.OfType<GraphQLFragmentDefinition>())
        {
            document.fragments[fragment.FragmentName.Name.StringValue] = fragment;
        }

        document.CheckLimits();
        return document;
    }

    /// <summary>The fields of a selection, with those of its fragments.</summary>
    public List<GraphQLField> Fields(GraphQLSelectionSet? set, int depth = 0)
    {
        if (depth > Deepest)
        {
            throw new GraphFault($"Query exceeds maximum depth of {Deepest}");
        }

        var fields = new List<GraphQLField>();
        foreach (var selection in set?.Selections ?? [])
        {
            switch (selection)
            {
                case GraphQLField field:
                    fields.Add(field);
                    break;
                case GraphQLInlineFragment inline:
                    fields.AddRange(Fields(inline.SelectionSet, depth + 1));
                    break;
                case GraphQLFragmentSpread spread:
                    var name = spread.FragmentName.Name.StringValue;
                    fields.AddRange(Fields((fragments.GetValueOrDefault(name) ?? throw new GraphFault($"Unknown fragment '{name}'.")).SelectionSet, depth + 1));
                    break;
            }
        }

        return fields;
    }

    private void CheckLimits()
    {
        var selections = 0;
        var aliases = 0;
        var open = new Stack<(GraphQLSelectionSet Set, int Depth)>([(Operation.SelectionSet, 1)]);
        while (open.TryPop(out var next))
        {
            if (next.Depth > Deepest)
            {
                throw new GraphFault($"Query exceeds maximum depth of {Deepest}");
            }

            var fields = Fields(next.Set);
            if (next.Depth == 1 && fields.Count > MostRootFields)
            {
                throw new GraphFault($"GraphQL queries should have at most {MostRootFields} root fields, got {fields.Count} root fields.");
            }

            aliases = Math.Max(aliases, fields.Count(field => field.Alias is not null));
            selections += fields.Count;
            if (selections > MostSelections)
            {
                throw new GraphFault($"Query exceeds maximum total selections of {MostSelections}");
            }

            foreach (var set in fields.Select(field => field.SelectionSet).OfType<GraphQLSelectionSet>())
            {
                open.Push((set, next.Depth + 1));
            }
        }

        if (aliases > MostAliases)
        {
            throw new GraphFault($"GraphQL queries should have at most {MostAliases} aliases, got {aliases} aliases.");
        }
    }

    private static GraphQLDocument Parse(string text)
    {
        if (text.Length > LongestText)
        {
            throw new GraphFault($"The document has {text.Length} characters; at most {LongestText} are read.");
        }

        if (text.Contains(BlockString, StringComparison.Ordinal))
        {
            throw new GraphFault("Block strings are not read. Send long text as a variable.");
        }

        try
        {
            return Parser.Parse(text, new ParserOptions { Ignore = IgnoreOptions.All, MaxDepth = 64 });
        }
        catch (GraphQLSyntaxErrorException fault)
        {
            throw new GraphFault($"Syntax Error: {fault.Description}");
        }
        catch (GraphQLMaxDepthExceededException)
        {
            throw new GraphFault($"Query exceeds maximum depth of {Deepest}");
        }
    }
}
