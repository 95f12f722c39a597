using Cairn.Wandb.GraphQl;

namespace Cairn.Wandb.Accounts;

/// <summary>What the server tells about itself.</summary>
internal sealed class ServerFacts
{
    public static ServerFacts Instance { get; } = new();

    /// <summary>A wide range: from 0.12.12 on, a high maximum makes clients use the modern paths.</summary>
    public static RawJson CliVersions { get; } = new("""{"max_cli_version":"0.99.0","min_cli_version":"0.10.0"}"""u8.ToArray());

    /// <summary>Only what really works here: clients choose their documents by it.</summary>
    public static IReadOnlyList<ServerFeature> Features { get; } =
    [
        new("CLIENT_IDS"),
        new("ARTIFACT_TAGS"),
        new("USE_ARTIFACT_WITH_ENTITY_AND_PROJECT_INFORMATION"),
        new("PROJECT_ARTIFACT_COLLECTION_MEMBERSHIP"),
        new("ARTIFACT_MEMBERSHIP_IN_LINK_ARTIFACT_RESPONSE"),
        new("ARTIFACT_COLLECTION_MEMBERSHIP_FILES"),
        new("LARGE_FILENAMES"),
        new("FILESTREAM_GZIP"),
        new("TOTAL_COUNT_IN_FILE_CONNECTION"),
        new("ARTIFACT_REGISTRY_SEARCH"),
    ];
}

/// <summary>A feature that is on.</summary>
internal sealed record ServerFeature(string Name);
