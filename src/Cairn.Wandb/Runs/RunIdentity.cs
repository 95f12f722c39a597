using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;

namespace Cairn.Wandb.Runs;

/// <summary>
/// From the short id that a W&amp;B client chooses to the house's id and back. The house's id follows from experiment and
/// short id, so nothing has to be looked up, and two clients that choose the same id mean the same run. A run that came
/// through another door is known here by its house id.
/// </summary>
internal static class RunIdentity
{
    private const int LongestName = 128;
    private static readonly SearchValues<char> Refused = SearchValues.Create("/\\#?%:");

    public static RunId Of(ExperimentId experiment, string name) =>
        RunId.Parse(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"wandb run\n{experiment}\n{name}")).AsSpan(0, 16)));

    /// <summary>What the run is called on the wire.</summary>
    public static string NameOf(Run run) => run.ClientId ?? run.Id.Value;

    /// <summary>The active run of that name in an experiment, or null.</summary>
    public static async ValueTask<Run?> FindAsync(IRunStore runs, ExperimentId experiment, string? name, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }

        var ids = RunId.TryParse(name, out var own) ? new[] { own, Of(experiment, name) } : [Of(experiment, name)];
        return (await runs.FindRunsAsync(ids, cancellationToken)).FirstOrDefault(run => run.ExperimentId == experiment && run.Lifecycle == Lifecycle.Active);
    }

    /// <summary>An id as old clients make them: eight letters and digits.</summary>
    public static string NewName() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 8);

    /// <summary>Refuses ids that could not stand in an address.</summary>
    public static void CheckName(string name)
    {
        if (name.Length > LongestName || name.AsSpan().ContainsAny(Refused) || name.AsSpan().ContainsAnyInRange('\0', '\u001f') || name.Trim().Length == 0)
        {
            throw CairnException.Invalid("name", $"The run id '{name[..Math.Min(name.Length, 60)]}' cannot be used. A run id has 1 to {LongestName} characters, none of them / \\ # ? % : or a control character.");
        }
    }
}
