using System.Globalization;

namespace Cairn.Projects.Pipelines.Values;

/// <summary>
/// What stands in <c>${{ … }}</c>: paths (<c>params.model.depth</c>, <c>steps.clean.outputs.data</c>), text in quotes,
/// numbers, <c>true</c>, <c>false</c>, <c>null</c>, and the operators <c>|| &amp;&amp; ! == != &lt; &lt;= &gt; &gt;= + - * /</c>.
/// Nothing is called and nothing is run.
/// </summary>
internal abstract record Expression
{
    /// <summary>Reads an expression.</summary>
    /// <exception cref="ExpressionException">It cannot be read.</exception>
    public static Expression Parse(string text) => new ExpressionParser(text).ParseAll();

    /// <summary>The value, with paths looked up.</summary>
    /// <exception cref="ExpressionException">A path leads nowhere, or an operator does not fit.</exception>
    public abstract PlainValue Evaluate(Func<IReadOnlyList<string>, PlainValue> find);

    /// <summary>All paths in it.</summary>
    public abstract IEnumerable<IReadOnlyList<string>> Paths { get; }

    public sealed record Constant(PlainValue Value) : Expression
    {
        public override IEnumerable<IReadOnlyList<string>> Paths => [];

        public override PlainValue Evaluate(Func<IReadOnlyList<string>, PlainValue> find) => Value;
    }

    public sealed record Lookup(IReadOnlyList<string> Parts) : Expression
    {
        public override IEnumerable<IReadOnlyList<string>> Paths => [Parts];

        public override PlainValue Evaluate(Func<IReadOnlyList<string>, PlainValue> find) => find(Parts);
    }

    public sealed record Unary(string Sign, Expression Inner) : Expression
    {
        public override IEnumerable<IReadOnlyList<string>> Paths => Inner.Paths;

        public override PlainValue Evaluate(Func<IReadOnlyList<string>, PlainValue> find)
        {
            var value = Inner.Evaluate(find);
            return Sign == "!" ? new TruthValue(!value.IsTrue) : new NumberValue(-Binary.Number(value, "-"));
        }
    }

    public sealed record Binary(string Sign, Expression Left, Expression Right) : Expression
    {
        public override IEnumerable<IReadOnlyList<string>> Paths => Left.Paths.Concat(Right.Paths);

        public override PlainValue Evaluate(Func<IReadOnlyList<string>, PlainValue> find)
        {
            var left = Left.Evaluate(find);
            if (Sign is "||" or "&&")
            {
                return left.IsTrue == (Sign == "||") ? left : Right.Evaluate(find);
            }

            var right = Right.Evaluate(find);
            return Sign switch
            {
                "==" => new TruthValue(AreEqual(left, right)),
                "!=" => new TruthValue(!AreEqual(left, right)),
                "+" when left is TextValue || right is TextValue => new TextValue(left.Text + right.Text),
                "+" => new NumberValue(Number(left, Sign) + Number(right, Sign)),
                "-" => new NumberValue(Number(left, Sign) - Number(right, Sign)),
                "*" => new NumberValue(Number(left, Sign) * Number(right, Sign)),
                "/" => new NumberValue(Number(left, Sign) / Number(right, Sign)),
                "<" => new TruthValue(Number(left, Sign) < Number(right, Sign)),
                "<=" => new TruthValue(Number(left, Sign) <= Number(right, Sign)),
                ">" => new TruthValue(Number(left, Sign) > Number(right, Sign)),
                _ => new TruthValue(Number(left, Sign) >= Number(right, Sign)),
            };
        }

        public static double Number(PlainValue value, string sign) => value switch
        {
            NumberValue number => number.Value,
            TextValue text when double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw new ExpressionException($"'{sign}' wants numbers, and '{value.Text}' is {value.Kind}."),
        };

        private static bool AreEqual(PlainValue left, PlainValue right) => (left, right) switch
        {
            (NumberValue a, NumberValue b) => a.Value.Equals(b.Value),
            (NumberValue or TextValue, NumberValue or TextValue) => left.Text == right.Text,
            (NullValue, NullValue) => true,
            _ => left.Kind == right.Kind && left.Json() == right.Json(),
        };
    }
}

/// <summary>An expression that cannot be read or has no value.</summary>
internal sealed class ExpressionException(string message) : Exception(message);
