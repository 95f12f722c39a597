namespace Cairn.Mlflow;

/// <summary>The addresses of MLflow 2 and 3 that Cairn knows and does not have. They answer 501 with their name.</summary>
internal static class LeftOut
{
    /// <summary>Under <c>/api/…</c> and <c>/ajax-api/…</c>. The jobs of MLflow's server are functions of Python that it runs; scorers have the permissions of their experiment.</summary>
    public static IReadOnlyList<MlflowRoute> Api { get; } =
    [
        new("POST", "3.0/jobs", "submitJob"),
        new("POST", "3.0/jobs/search", "searchJobs"),
        new("GET", "3.0/jobs/{job_id}", "getJob"),
        new("POST", "3.0/mlflow/scorers/permissions/create", "createScorerPermission"),
        new("GET", "3.0/mlflow/scorers/permissions/get", "getScorerPermission"),
        new("PATCH", "3.0/mlflow/scorers/permissions/update", "updateScorerPermission"),
        new("DELETE", "3.0/mlflow/scorers/permissions/delete", "deleteScorerPermission"),
    ];
}
