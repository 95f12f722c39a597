using Cairn.Core.Accounts;
using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;

namespace Cairn.Core.Access;

/// <summary>What a grant is about: an experiment by number, or a registered model by name. Exactly one is set.</summary>
public readonly record struct GrantPlace(ExperimentId? Experiment, string? Model)
{
    public static GrantPlace Of(ExperimentId experiment) => new(experiment, null);

    public static GrantPlace Of(string model) => new(null, model);

    public override string ToString() => Experiment is { } id ? $"the experiment {id}" : $"the model '{Model}'";
}

/// <summary>What one user was given on one thing.</summary>
public sealed record Grant(UserId User, GrantPlace Place, Permission Permission);

/// <summary>What one user was given on a registered model.</summary>
/// <param name="Artifact">The store's number of its artifact.</param>
/// <param name="Key">Its artifact.</param>
/// <param name="Name">Its name in the registry.</param>
/// <param name="Permission">What was given.</param>
public sealed record ModelGrant(long Artifact, ArtifactKey Key, string Name, Permission Permission);

/// <summary>All that one user was given.</summary>
public sealed record UserGrants(IReadOnlyDictionary<ExperimentId, Permission> Experiments, IReadOnlyList<ModelGrant> Models);

/// <summary>Whether a grant may be there already.</summary>
public enum GrantWrite
{
    /// <summary>It must be new.</summary>
    Add,

    /// <summary>It must be there.</summary>
    Change,

    /// <summary>Either.</summary>
    Set,
}

/// <summary>Something that mentions a content: files of an experiment's runs, a version of an artifact, or a path behind the server. One is set.</summary>
public readonly record struct ContentHolder(Digest Digest, ExperimentId? Experiment, ArtifactKey? Artifact, string? ServerPath);
