namespace Cairn.Client.Wire;

/// <summary>Answer of <c>GET /api/v1/server</c>.</summary>
/// <param name="Version">Version of Cairn, such as "0.1.0".</param>
/// <param name="StartedAt">Unix milliseconds.</param>
/// <param name="DataFolder">Where it keeps its data; null for clients that are not on the same machine.</param>
/// <param name="AuthRequired">True where an API key is needed.</param>
public sealed record ServerInfo(string Version, long StartedAt, string? DataFolder, bool AuthRequired);

/// <summary>Answer of <c>POST /api/v1/runs/{id}/launch-token</c>: a key for what the run starts; whatever run is created with it becomes the run's child.</summary>
/// <param name="Token">40 letters and digits, good as MLFLOW_TRACKING_TOKEN and WANDB_API_KEY.</param>
/// <param name="ExpiresAt">Unix milliseconds.</param>
public sealed record LaunchToken(string Token, long ExpiresAt);

/// <summary>Body of every answer that is an error.</summary>
public sealed record ErrorResponse(ErrorInfo Error);

/// <summary>What went wrong and what to do.</summary>
/// <param name="Code">
/// "not_found" (404), "already_exists" (409), "invalid_argument" (400), "conflict" (409), "failed_precondition" (412),
/// "unauthenticated" (401), "forbidden" (403), "too_large" (413), "too_many_attempts" (429), "unavailable" (503), "storage_full" (507) or
/// "internal" (500).
/// </param>
/// <param name="Message">A sentence for people that names the thing and the remedy.</param>
/// <param name="Field">The field at fault ("points[3].value"), or null.</param>
public sealed record ErrorInfo(string Code, string Message, string? Field = null);
