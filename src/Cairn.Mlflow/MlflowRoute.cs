using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow;

/// <summary>One address of MLflow's protocol.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Without the prefix.</param>
/// <param name="Name">MLflow's name of the call.</param>
/// <param name="Handler">Null where this version of Cairn does not have it.</param>
internal sealed record MlflowRoute(string Method, string Path, string Name, RequestDelegate? Handler = null);
