namespace Cairn.Core.Promotion;

/// <summary>A number or a truth; neither where it depends on a holder that is not there.</summary>
internal readonly record struct GateValue(double? Number, bool? Truth)
{
    public static GateValue Open => default;

    public static GateValue Of(double number) => new(number, null);

    public static GateValue Of(bool truth) => new(null, truth);
}

/// <summary>A part of a gate's condition. Its parser has seen to it that numbers meet numbers and truths meet truths.</summary>
internal abstract record GateTerm
{
    /// <summary>True for comparisons and what is made of them, false for numbers.</summary>
    public abstract bool IsTruth { get; }

    public abstract IEnumerable<Metric> Metrics { get; }

    public abstract GateValue Evaluate(Func<string, double> candidate, Func<string, double>? holder);

    public sealed record Constant(double Value) : GateTerm
    {
        public override bool IsTruth => false;

        public override IEnumerable<Metric> Metrics => [];

        public override GateValue Evaluate(Func<string, double> candidate, Func<string, double>? holder) => GateValue.Of(Value);
    }

    public sealed record Metric(bool OfHolder, string Name) : GateTerm
    {
        public override bool IsTruth => false;

        public override IEnumerable<Metric> Metrics => [this];

        public override GateValue Evaluate(Func<string, double> candidate, Func<string, double>? holder)
        {
            if (!OfHolder)
            {
                return GateValue.Of(candidate(Name));
            }

            // A holder whose metric is no number would keep its place for ever if comparisons with it were false.
            return holder?.Invoke(Name) is { } value && !double.IsNaN(value) ? GateValue.Of(value) : GateValue.Open;
        }
    }

    public sealed record Not(GateTerm Inner) : GateTerm
    {
        public override bool IsTruth => true;

        public override IEnumerable<Metric> Metrics => Inner.Metrics;

        public override GateValue Evaluate(Func<string, double> candidate, Func<string, double>? holder) =>
            Inner.Evaluate(candidate, holder).Truth is { } truth ? GateValue.Of(!truth) : GateValue.Open;
    }

    public sealed record Minus(GateTerm Inner) : GateTerm
    {
        public override bool IsTruth => false;

        public override IEnumerable<Metric> Metrics => Inner.Metrics;

        public override GateValue Evaluate(Func<string, double> candidate, Func<string, double>? holder) =>
            Inner.Evaluate(candidate, holder).Number is { } number ? GateValue.Of(-number) : GateValue.Open;
    }

    public sealed record Binary(string Sign, GateTerm Left, GateTerm Right) : GateTerm
    {
        public override bool IsTruth => Sign is not ("+" or "-" or "*" or "/");

        public override IEnumerable<Metric> Metrics => Left.Metrics.Concat(Right.Metrics);

        public override GateValue Evaluate(Func<string, double> candidate, Func<string, double>? holder)
        {
            var left = Left.Evaluate(candidate, holder);
            var right = Right.Evaluate(candidate, holder);
            if (Sign is "&&" or "||")
            {
                // One side may settle it whatever the open one is.
                var settles = Sign == "||";
                return left.Truth == settles || right.Truth == settles ? GateValue.Of(settles)
                    : left.Truth is null || right.Truth is null ? GateValue.Open
                    : GateValue.Of(!settles);
            }

            return (left.Number, right.Number) is ({ } a, { } b) ? Compute(a, b) : GateValue.Open;
        }

        private GateValue Compute(double a, double b) => Sign switch
        {
            "+" => GateValue.Of(a + b),
            "-" => GateValue.Of(a - b),
            "*" => GateValue.Of(a * b),
            "/" => GateValue.Of(a / b),
            "<" => GateValue.Of(a < b),
            "<=" => GateValue.Of(a <= b),
            ">" => GateValue.Of(a > b),
            ">=" => GateValue.Of(a >= b),
            "==" => GateValue.Of(a.Equals(b)),
            _ => GateValue.Of(!a.Equals(b)),
        };
    }
}
