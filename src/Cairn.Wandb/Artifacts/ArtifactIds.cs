using System.Globalization;
using Cairn.Core.Artifacts.Collections;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Artifacts;

/// <summary>
/// Ids of artifacts and collections on the wire. A version that a client uploads here keeps the number of its upload for
/// ever: the client holds it before there is a version. One that came through another door goes by its own number.
/// </summary>
internal static class ArtifactIds
{
    private const string Artifact = "Artifact";
    private const string Collection = "ArtifactCollection";
    private const string Manifest = "ArtifactManifest";

    public static string OfDraft(long draft) => NodeId.Of(Artifact, draft);

    public static string Of(VersionCard version) => version.DraftId is { } draft ? OfDraft(draft) : NodeId.Of(Artifact, $"v{Text(version.VersionId)}");

    public static string Of(Collection collection) => OfCollection(collection.Id, collection.IsPortfolio);

    public static string OfCollection(long id, bool isPortfolio) => NodeId.Of(Collection, $"{(isPortfolio ? 'p' : 'a')}{Text(id)}");

    public static string OfManifest(long manifest) => NodeId.Of(Manifest, manifest);

    /// <summary>The manifest of a version that was not announced in pieces.</summary>
    public static string ManifestOf(VersionCard version) => NodeId.Of(Manifest, $"v{Text(version.VersionId)}");

    /// <summary>Number of an upload, or of a version; null where the id is none of an artifact.</summary>
    public static (long Number, bool IsVersion)? Read(string? id) => ReadText(NodeId.Read(Artifact, id));

    /// <summary>The same for the text inside of an id.</summary>
    public static (long Number, bool IsVersion)? ReadText(string? text) =>
        text is null ? null
        : Number(text) is { } draft ? (draft, false)
        : text.StartsWith('v') && Number(text[1..]) is { } version ? (version, true)
        : null;

    public static (long Number, bool IsPortfolio)? ReadCollection(string? id) =>
        NodeId.Read(Collection, id) is { Length: > 1 } text && text[0] is 'a' or 'p' && Number(text[1..]) is { } number ? (number, text[0] == 'p') : null;

    public static long? ReadManifest(string? id) => NodeId.Read(Manifest, id) is { } text ? Number(text) : null;

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
