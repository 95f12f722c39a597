namespace Cairn.Server.Hosting;

/// <summary>Whom a route lets in. What a user may do there is asked by the stores, thing by thing.</summary>
internal enum RoutePolicy
{
    /// <summary>Anybody: it tells nothing that a user keeps here.</summary>
    Anybody,

    /// <summary>Whoever has an address that this server signed, or a signature of the sender.</summary>
    Signed,

    /// <summary>Users, or whoever may ask on a server without.</summary>
    Users,

    /// <summary>Admins and the operator: it is about the whole server.</summary>
    Admins,
}

/// <summary>
/// The policy of every route, by the longest of these beginnings. A route that none of them fits does not start: whoever
/// adds one says here whom it lets in.
/// </summary>
internal static class RoutePolicies
{
    private static readonly (string Beginning, RoutePolicy Policy)[] Table =
    [
        ("/health", RoutePolicy.Anybody),
        ("/{**path}", RoutePolicy.Anybody),
        ("/version", RoutePolicy.Users),
        ("/signup", RoutePolicy.Users),
        ("/authorize", RoutePolicy.Anybody),

        ("/api/v1/", RoutePolicy.Users),
        ("/api/v1/session", RoutePolicy.Anybody),
        ("/api/v1/hooks/", RoutePolicy.Signed),
        ("/api/v1/gc", RoutePolicy.Admins),
        ("/api/v1/storage", RoutePolicy.Admins),
        ("/api/v1/import", RoutePolicy.Admins),
        ("/api/v1/export/", RoutePolicy.Admins),
        ("/api/v1/webhooks", RoutePolicy.Admins),
        ("/api/v1/jobs/lease", RoutePolicy.Admins),
        ("/api/v1/jobs/{jobId}/heartbeat", RoutePolicy.Admins),
        ("/api/v1/jobs/{jobId}/end", RoutePolicy.Admins),

        ("/api/2.0/mlflow", RoutePolicy.Users),
        ("/api/2.0mlflow/", RoutePolicy.Users),
        ("/api/3.0/", RoutePolicy.Users),
        ("/ajax-api/2.0/mlflow", RoutePolicy.Users),
        ("/ajax-api/3.0/", RoutePolicy.Users),
        ("/get-artifact", RoutePolicy.Users),
        ("/model-versions/get-artifact", RoutePolicy.Users),
        ("/v1/traces", RoutePolicy.Users),

        ("/graphql", RoutePolicy.Users),
        ("/files/", RoutePolicy.Users),
        ("/artifacts/", RoutePolicy.Users),
        ("/artifactsV2/", RoutePolicy.Users),
        ("/cairn/{project}", RoutePolicy.Users),
        ("/orgs/", RoutePolicy.Users),
        ("/wandb/signed/", RoutePolicy.Signed),
        ("/uploads/", RoutePolicy.Signed),
    ];

    /// <exception cref="InvalidOperationException">The route has none.</exception>
    public static RoutePolicy Of(string pattern)
    {
        var (longest, found) = ("", RoutePolicy.Anybody);
        foreach (var (beginning, policy) in Table)
        {
            if (beginning.Length > longest.Length && pattern.StartsWith(beginning, StringComparison.Ordinal))
            {
                (longest, found) = (beginning, policy);
            }
        }

        return longest.Length > 0 ? found : throw new InvalidOperationException($"The route '{pattern}' has no policy: say in RoutePolicies whom it lets in.");
    }
}
