using Microsoft.AspNetCore.Routing;

namespace Cairn.Mlflow;

/// <summary>MLflow's REST protocol.</summary>
public static class MlflowDoor
{
    /// <summary>Maps MLflow's routes.</summary>
    public static IEndpointRouteBuilder MapMlflow(this IEndpointRouteBuilder routes) => routes;
}
