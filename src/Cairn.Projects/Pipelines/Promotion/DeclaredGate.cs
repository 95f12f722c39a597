using Cairn.Client.Wire;

namespace Cairn.Projects.Pipelines.Promotion;

/// <summary>A gate as <c>promote:</c> of a pipeline file has it.</summary>
internal sealed record DeclaredGate(string Artifact, string Alias, SetGateRequest Policy, int Line, int Column);

/// <summary>A trigger as <c>triggers:</c> of a pipeline file has it.</summary>
/// <param name="Request">As the server takes it; of a webhook still without its secret.</param>
/// <param name="Secret">Where the secret comes from: a variable of the environment; null for other kinds.</param>
internal sealed record DeclaredTrigger(TriggerRequest Request, string? Secret, int Line, int Column);
