using System.Collections;
using System.Text.Json;
using Cairn.Core;
using Cairn.Wandb.Wire;
using GraphQLParser.AST;

namespace Cairn.Wandb.GraphQl;

/// <summary>
/// Answers an operation field by field. A field that fails is null and leaves an error with its path; where null cannot
/// be, the nearest parent that may be null takes its place.
/// </summary>
internal sealed class Executor
{
    /// <summary>Values of one answer; beyond it, something asks for everything at once.</summary>
    private const int MostValues = 2_000_000;

    private readonly Schema schema;
    private readonly ParsedDocument document;
    private readonly InputReader inputs;
    private readonly WandbRequest request;
    private readonly CancellationToken cancellationToken;
    private readonly Stack<object> path = new();
    private int values;

    public Executor(WandbRequest request, ParsedDocument document, JsonElement variables, CancellationToken cancellationToken)
    {
        schema = request.Schema;
        this.request = request;
        this.document = document;
        this.cancellationToken = cancellationToken;
        inputs = new InputReader(schema, variables, document.Operation.Variables);
    }

    public List<FieldError> Errors { get; } = [];

    /// <summary>The member "data" of the answer; null where a root field that cannot be null failed.</summary>
    public async Task<ResultNode?> RunAsync()
    {
        inputs.CheckVariables();
        var root = document.Operation.Operation == OperationType.Mutation ? schema.Mutation : schema.Query;
        try
        {
            return await ObjectAsync(root, RootValue.Instance, [document.Operation.SelectionSet]);
        }
        catch (NullParentException)
        {
            return null;
        }
    }

    private async ValueTask<ResultNode> ObjectAsync(SchemaType type, object value, IReadOnlyList<GraphQLSelectionSet> selections)
    {
        var wanted = new FieldCollector(schema, document.Fragments, inputs).Collect(type, selections);
        var node = new ResultNode(wanted.Count);
        foreach (var (key, fields) in wanted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            path.Push(key);
            node.Members.Add(new(key, await FieldAsync(type, value, fields)));
            path.Pop();
        }

        return node;
    }

    private async ValueTask<object?> FieldAsync(SchemaType type, object value, List<GraphQLField> fields)
    {
        var name = fields[0].Name.StringValue;
        if (name == "__typename")
        {
            return type.Name;
        }

        var field = type.Fields[name];
        var depth = path.Count;
        try
        {
            var given = (fields[0].Arguments?.Items ?? []).Select(argument => (argument.Name.StringValue, argument.Value));
            var arguments = inputs.ReadAll($"field \"{type.Name}.{name}\"", field.Arguments, given);
            var answer = await field.Resolve!(value, new FieldCall(new InputValues(arguments), request, cancellationToken));
            return await CompleteAsync(field.Type, answer, fields);
        }
        catch (CairnException refusal) when (refusal.Code != ErrorCode.Internal)
        {
            return Fail(field, depth, refusal.Message, refusal.Code.ToString());
        }
        catch (GraphQlException fault)
        {
            return Fail(field, depth, fault.Message, code: null);
        }
        catch (NullParentException) when (!field.Type.IsRequired)
        {
            Unwind(depth);
            return null;
        }
    }

    private async ValueTask<object?> CompleteAsync(TypeRef type, object? answer, List<GraphQLField> fields)
    {
        if (++values > MostValues)
        {
            throw new GraphQlException($"The answer would hold more than {MostValues} values. Ask for smaller pages.");
        }

        if (answer is null)
        {
            return type.IsRequired ? throw new GraphQlException($"Cannot return null for the field \"{fields[0].Name.StringValue}\".") : null;
        }

        if (type.Item is { } item)
        {
            return await ListAsync(item, (IEnumerable)answer, fields);
        }

        var named = schema.Types[type.Name!];
        if (named.IsLeaf)
        {
            return answer;
        }

        var actual = named.Kind == TypeKind.Object ? named : schema.Types[named.TypeOf!(answer)];
        return await ObjectAsync(actual, answer, [.. fields.Select(field => field.SelectionSet).OfType<GraphQLSelectionSet>()]);
    }

    private async ValueTask<List<object?>> ListAsync(TypeRef item, IEnumerable answers, List<GraphQLField> fields)
    {
        var list = new List<object?>();
        foreach (var answer in answers)
        {
            path.Push(list.Count);
            list.Add(await CompleteAsync(item, answer, fields));
            path.Pop();
        }

        return list;
    }

    private object? Fail(SchemaField field, int depth, string message, string? code)
    {
        Errors.Add(new FieldError(message, [.. path.Reverse()], code));
        Unwind(depth);
        return field.Type.IsRequired ? throw new NullParentException() : null;
    }

    private void Unwind(int depth)
    {
        while (path.Count > depth)
        {
            path.Pop();
        }
    }

    /// <summary>A field that cannot be null is null: its parent must be.</summary>
    private sealed class NullParentException : Exception;
}
