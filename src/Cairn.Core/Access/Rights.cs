using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;

namespace Cairn.Core.Access;

/// <summary>What one user may do, as of one moment.</summary>
public sealed class Rights
{
    private readonly UserGrants grants;
    private readonly Dictionary<ArtifactKey, Permission> models;

    public Rights(UserGrants grants, Permission byDefault)
    {
        this.grants = grants;
        ByDefault = byDefault;
        models = grants.Models.ToDictionary(model => model.Key, model => model.Permission);
        SeesEverything = byDefault >= Permission.Read
            && grants.Experiments.Values.All(permission => permission >= Permission.Read)
            && models.Values.All(permission => permission >= Permission.Read);
    }

    /// <summary>What holds where nothing was said.</summary>
    public Permission ByDefault { get; }

    /// <summary>There is nothing that this user may not read.</summary>
    public bool SeesEverything { get; }

    public Permission Of(ExperimentId experiment) => grants.Experiments.GetValueOrDefault(experiment, ByDefault);

    /// <summary>An artifact is as its experiment, unless it is a model on which something was said.</summary>
    public Permission Of(ArtifactKey artifact) => models.TryGetValue(artifact, out var own) ? own : Of(artifact.ExperimentId);

    public bool MayRead(ExperimentId experiment) => Of(experiment) >= Permission.Read;

    public bool MayRead(ArtifactKey artifact) => Of(artifact) >= Permission.Read;

    /// <summary>The store's numbers of models on which something was said.</summary>
    public IReadOnlyList<long> Models(bool readable) =>
        [.. grants.Models.Where(model => model.Permission >= Permission.Read == readable).Select(model => model.Artifact)];
}

/// <summary>Which models a search may find.</summary>
/// <param name="Experiments">Those of these experiments,</param>
/// <param name="Also">and these, by the store's number,</param>
/// <param name="Except">but not these.</param>
public sealed record ModelSight(IReadOnlyList<ExperimentId> Experiments, IReadOnlyList<long> Also, IReadOnlyList<long> Except);
