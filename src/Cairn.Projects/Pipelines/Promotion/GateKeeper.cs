using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Projects.Pipelines.Promotion;

/// <summary>Takes the gates of a pipeline file to the server.</summary>
internal sealed class GateKeeper(CairnClient client)
{
    /// <summary>
    /// Sets the gates that are missing. One that is there stays: else whoever runs a changed file would change the policy.
    /// Answers a remark for each that differs from the file.
    /// </summary>
    public async Task<IReadOnlyList<string>> DeclareAsync(Pipeline pipeline, string experimentId, CancellationToken cancellation)
    {
        var remarks = new List<string>();
        foreach (var gate in pipeline.Gates)
        {
            var kept = await SetAsync(pipeline, gate, experimentId, onlyIfMissing: true, cancellation);
            if (!IsSame(kept, gate.Policy))
            {
                remarks.Add($"The gate before {gate.Artifact}:{gate.Alias} is another one on the server ({Describe(kept)}); that one holds. To take over this file's: cairn pipeline register");
            }
        }

        return remarks;
    }

    /// <summary>Sets all gates as the file has them.</summary>
    public async Task SetAsync(Pipeline pipeline, string experimentId, CancellationToken cancellation)
    {
        foreach (var gate in pipeline.Gates)
        {
            await SetAsync(pipeline, gate, experimentId, onlyIfMissing: false, cancellation);
        }
    }

    private async Task<GateInfo> SetAsync(Pipeline pipeline, DeclaredGate gate, string experimentId, bool onlyIfMissing, CancellationToken cancellation)
    {
        try
        {
            return await client.SetGateAsync(
                experimentId,
                gate.Artifact,
                gate.Alias,
                gate.Policy with { Who = Environment.UserName, Source = $"pipeline {pipeline.Name}", OnlyIfMissing = onlyIfMissing },
                cancellation);
        }
        catch (CairnClientException refusal) when (refusal.Code == "invalid_argument")
        {
            throw new PipelineException(new ProjectFinding(PipelineFile.Shown(pipeline.File), gate.Line, gate.Column, $"promote.{gate.Artifact}.{refusal.Field}", refusal.Message).ToString());
        }
    }

    private static bool IsSame(GateInfo kept, SetGateRequest wanted) =>
        kept.When == wanted.When
        && kept.Checks.SequenceEqual((wanted.Checks ?? []).Distinct())
        && kept.Approvers.SequenceEqual((wanted.Approvers ?? []).Distinct())
        && kept.Approvals == (wanted.Approvals == 0 && wanted.Approvers is { Count: > 0 } ? 1 : wanted.Approvals)
        && kept.Data == wanted.Data;

    private static string Describe(GateInfo gate) => string.Join("; ", new[]
    {
        gate.When,
        gate.Checks.Count > 0 ? $"checks {string.Join(", ", gate.Checks)}" : null,
        gate.Approvals > 0 ? $"{gate.Approvals} approvals" : null,
    }.OfType<string>());
}
