namespace Cairn.Client.Wire;

/// <summary>Data of an <c>event: run</c> of <c>GET /api/v1/events</c>: something about a run has changed.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Changed">
/// What has: any of "info", "params", "tags", "series", "summary", "logs", "media", "files" and "artifacts".
/// </param>
public sealed record RunChange(string RunId, IReadOnlyList<string> Changed);
