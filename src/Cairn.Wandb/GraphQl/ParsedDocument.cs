using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;

namespace Cairn.Wandb.GraphQl;

/// <summary>A document that has been read and checked: one operation of it, and its fragments.</summary>
internal sealed record ParsedDocument(GraphQLOperationDefinition Operation, IReadOnlyDictionary<string, GraphQLFragmentDefinition> Fragments)
{
    /// <summary>Longest text of a document; what is large belongs into variables.</summary>
    public const int LongestText = 128 * 1024;

    /// <summary>How deep the parser follows: values nest, too. Well below what would exhaust the stack.</summary>
    private const int ParserDepth = 64;

    public static ParsedDocument Read(Schema schema, string text, string? operationName)
    {
        if (text.Length > LongestText)
        {
            throw new GraphQlException($"The document has {text.Length} characters; at most {LongestText} are read. Send large values as variables.");
        }

        BlockStrings.Check(text);
        var document = Parse(text);
        var fragments = new Dictionary<string, GraphQLFragmentDefinition>(StringComparer.Ordinal);
        foreach (var fragment in document.Definitions.OfType<GraphQLFragmentDefinition>())
        {
            if (!fragments.TryAdd(fragment.FragmentName.Name.StringValue, fragment))
            {
                throw new GraphQlException($"The fragment \"{fragment.FragmentName.Name.StringValue}\" is defined twice.");
            }
        }

        var operations = document.Definitions.OfType<GraphQLOperationDefinition>().ToList();
        if (operations.Count + fragments.Count != document.Definitions.Count)
        {
            throw new GraphQlException("Only operations and fragments can be executed.");
        }

        // Clients send an empty name, or none, with documents of one operation.
        var operation = operations.Count == 1 && string.IsNullOrEmpty(operationName)
            ? operations[0]
            : operations.FirstOrDefault(candidate => candidate.Name?.StringValue == operationName)
                ?? throw new GraphQlException(operations.Count == 0 ? "The document has no operation." : $"The document has no single operation \"{operationName}\".");
        new DocumentCheck(schema, fragments).Check(operation);
        return new ParsedDocument(operation, fragments);
    }

    private static GraphQLDocument Parse(string text)
    {
        try
        {
            return Parser.Parse(text, new ParserOptions { Ignore = IgnoreOptions.All, MaxDepth = ParserDepth });
        }
        catch (GraphQLSyntaxErrorException fault)
        {
            throw new GraphQlException($"Syntax error: {fault.Description} (line {fault.Location.Line}, column {fault.Location.Column}).");
        }
        catch (GraphQLMaxDepthExceededException)
        {
            throw new GraphQlException($"The document is nested deeper than {ParserDepth} levels.");
        }
    }
}
