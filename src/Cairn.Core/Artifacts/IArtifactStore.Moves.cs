namespace Cairn.Core.Artifacts;

public partial interface IArtifactStore
{
    /// <summary>The newest moves of aliases of all artifacts, newest first; "latest" moves by itself and is left out.</summary>
    Task<IReadOnlyList<(ArtifactKey Artifact, string Type, AliasChange Change)>> ListMovesAsync(int limit, CancellationToken cancellationToken);
}
