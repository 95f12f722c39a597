namespace Cairn.Core.Search;

/// <summary>Which filter language a text is in.</summary>
public enum SearchDialect
{
    /// <summary>MLflow's, exactly: comparisons joined by AND.</summary>
    Mlflow,

    /// <summary>
    /// MLflow's and more: OR, NOT, parentheses, IN and RLIKE everywhere, parameters compared as numbers, keys such as
    /// <c>train/loss</c> without quotes, the attributes <c>job_type</c> and <c>parent_run_id</c>. Every valid MLflow
    /// filter means the same in it.
    /// </summary>
    Extended,
}
