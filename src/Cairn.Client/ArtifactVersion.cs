using Cairn.Client.Wire;

namespace Cairn.Client;

/// <summary>A version that has been logged.</summary>
/// <param name="Info">Everything the server says about it.</param>
/// <param name="Created">False where the artifact held this content already: no new version was made.</param>
public sealed record ArtifactVersion(VersionInfo Info, bool Created)
{
    /// <summary>Name of the artifact.</summary>
    public string Name => Info.Name;

    /// <summary>"v0", "v1" …</summary>
    public string Version => Info.Version;

    /// <summary>"name:v0": what <see cref="CairnRun.UseArtifactAsync"/> takes.</summary>
    public string Reference => $"{Info.Name}:{Info.Version}";
}
