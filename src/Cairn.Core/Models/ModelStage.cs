namespace Cairn.Core.Models;

/// <summary>How far a version of a model has come. Aliases say more; stages are there because MLflow's users know them.</summary>
public enum ModelStage
{
    None = 0,
    Staging = 1,
    Production = 2,
    Archived = 3,
}
