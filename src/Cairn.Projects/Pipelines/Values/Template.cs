using System.Text;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Pipelines.Values;

/// <summary>A YAML value with expressions in its texts. One that is a single expression takes that one's value, kind included.</summary>
internal sealed class Template
{
    private readonly YamlNode _node;
    private readonly List<Expression> _expressions = [];
    private readonly Dictionary<YamlScalar, IReadOnlyList<object>> _parts = new(ReferenceEqualityComparer.Instance);

    public Template(YamlNode node)
    {
        _node = node;
        Read(node);
    }

    public YamlNode Node => _node;

    public IEnumerable<IReadOnlyList<string>> Paths => _expressions.SelectMany(expression => expression.Paths);

    /// <summary>True where a variable of the environment goes into it: such values are not recorded.</summary>
    public bool IsSecret => Paths.Any(path => path[0] == "env");

    /// <exception cref="PipelineException">An expression has no value; names file, line and column.</exception>
    public PlainValue Evaluate(string file, Func<IReadOnlyList<string>, PlainValue> find) => Evaluate(_node, file, find);

    private PlainValue Evaluate(YamlNode node, string file, Func<IReadOnlyList<string>, PlainValue> find)
    {
        switch (node)
        {
            case YamlSequence sequence:
                return new ListValue(sequence.Items.Select(item => Evaluate(item, file, find)).ToArray());
            case YamlMapping mapping:
                return new MapValue(mapping.Pairs.Select(pair => new KeyValuePair<string, PlainValue>(pair.Key.Text, Evaluate(pair.Value, file, find))));
        }

        if (!_parts.TryGetValue((YamlScalar)node, out var parts))
        {
            return PlainValue.Of(node);
        }

        try
        {
            if (parts is [Expression single])
            {
                return single.Evaluate(find);
            }

            var text = new StringBuilder();
            foreach (var part in parts)
            {
                text.Append(part is Expression expression ? expression.Evaluate(find).Text : (string)part);
            }

            return new TextValue(text.ToString());
        }
        catch (ExpressionException fault)
        {
            throw new PipelineException(new ProjectFinding(file, node.Line, node.Column, null, fault.Message));
        }
    }

    /// <exception cref="ExpressionException">An expression cannot be read.</exception>
    private void Read(YamlNode node)
    {
        switch (node)
        {
            case YamlSequence sequence:
                foreach (var item in sequence.Items)
                {
                    Read(item);
                }

                break;
            case YamlMapping mapping:
                foreach (var pair in mapping.Pairs)
                {
                    Read(pair.Value);
                }

                break;
            case YamlScalar scalar when scalar.Text.Contains("${{", StringComparison.Ordinal):
                _parts[scalar] = Split(scalar.Text);
                break;
        }
    }

    private List<object> Split(string text)
    {
        var parts = new List<object>();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf("${{", at, StringComparison.Ordinal);
            if (open < 0)
            {
                parts.Add(text[at..]);
                break;
            }

            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                throw new ExpressionException($"'{text[open..]}' is not closed: '}}}}' is missing.");
            }

            if (open > at)
            {
                parts.Add(text[at..open]);
            }

            var expression = Expression.Parse(text[(open + 3)..close]);
            _expressions.Add(expression);
            parts.Add(expression);
            at = close + 2;
        }

        return parts;
    }
}
