using Cairn.Core;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.Search;

/// <summary>MLflow's limits of one page of a search.</summary>
internal static class PageSize
{
    public const int Largest = 50_000;

    private const string Name = "max_results";

    /// <summary>Runs: a thousand unless asked otherwise.</summary>
    public static int OfRuns(RequestFields fields)
    {
        var size = fields.Integer(Name) ?? 1000;
        if (size > Largest)
        {
            throw RequestFields.Refuse(Name, $"Invalid value {size} for parameter '{Name}' supplied:  Hint: Value was of type 'int'.");
        }

        return Positive(size);
    }

    /// <summary>Experiments: MLflow's protocol has no default, so a size must be given.</summary>
    public static int OfExperiments(RequestFields fields)
    {
        var size = fields.Integer(Name) ?? 0;
        if (size > Largest)
        {
            throw CairnException.Invalid(Name, $"Invalid value {size} for parameter '{Name}' supplied. It must be at most {Largest}");
        }

        return Positive(size);
    }

    private static int Positive(long size) =>
        size > 0
            ? (int)size
            : throw CairnException.Invalid(Name, $"Invalid value {size} for parameter '{Name}' supplied. It must be a positive integer");
}
