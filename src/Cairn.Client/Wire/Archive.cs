using System.Text.Json;

namespace Cairn.Client.Wire;

/// <summary>
/// Body of <c>POST /api/v1/import/{kind}</c>: things as <c>GET /api/v1/export/{kind}</c> gives them. Sending the same again
/// changes nothing.
/// </summary>
/// <param name="Things">Objects; what is in them is in docs/archive.md.</param>
/// <param name="Experiments">Numbers of experiments here by those in the things; one that is not named is the same.</param>
public sealed record ImportThings(IReadOnlyList<JsonElement> Things, IReadOnlyDictionary<string, string>? Experiments = null);

/// <summary>Answer of such an import.</summary>
/// <param name="Added">Things of which something was new.</param>
/// <param name="Known">Things that were there.</param>
public sealed record ImportedThings(int Added, int Known);

/// <summary>A page of things.</summary>
/// <param name="Things">Objects, in an order that stays.</param>
/// <param name="Contents">SHA-256 of every content they need.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
public sealed record ThingPage(IReadOnlyList<JsonElement> Things, IReadOnlyList<string> Contents, string? Next = null);
