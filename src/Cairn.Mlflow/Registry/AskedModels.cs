using Cairn.Core.Artifacts;
using Cairn.Core.Models;
using Cairn.Core.Runs;
using Cairn.Core.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Cairn.Mlflow.Registry;

/// <summary>
/// MLflow's client asks the registry where a name leads and then loads files: no request says that a run used the model.
/// What the command of a launched run asks for is therefore kept here.
/// </summary>
internal static class AskedModels
{
    /// <param name="context">The request; without a launch token nothing is kept.</param>
    /// <param name="name">What follows <c>models:/</c>.</param>
    /// <param name="found">Where it led, or null.</param>
    public static Task KeepAsync(HttpContext context, string name, ModelVersion? found) =>
        context.Features.Get<LaunchedBy>() is { } launcher
            ? AskedArtifacts.KeepAsync(context.RequestServices.GetRequiredService<RunJournal>(), launcher.Run, $"models:/{name}", found?.Version.Digest.Value, context.RequestAborted)
            : Task.CompletedTask;
}
