using Cairn.Core.Runs;

namespace Cairn.Core.Artifacts;

/// <summary>
/// What launched commands asked for by a name that moves (an alias, a stage, "latest"), with any client, as tags of their
/// runs. A command may go on without a thing that is not there, or read one and never say that it used it; should the name
/// lead elsewhere one day, the command would do something else, so its result does not hold any more.
/// </summary>
public static class AskedArtifacts
{
    /// <summary>It was not there.</summary>
    private const string AbsentTag = "cairn.absent.";

    /// <summary>The digest of what it was.</summary>
    private const string AskedTag = "cairn.asked.";

    /// <param name="journal">Where it is written.</param>
    /// <param name="run">The run whose command asked.</param>
    /// <param name="reference">As <c>artifacts/resolve</c> understands it.</param>
    /// <param name="digest">Digest of the version it led to; null where there was none.</param>
    /// <param name="cancellationToken">Ends the keeping.</param>
    public static async Task KeepAsync(RunJournal journal, RunId run, string reference, string? digest, CancellationToken cancellationToken)
    {
        var key = (digest is null ? AbsentTag : AskedTag) + reference;
        if (key.Length > RunRules.KeyLength)
        {
            return;
        }

        try
        {
            await journal.ApplyAsync(new RunUpdate(run) { Tags = [new TagChange(key, digest ?? "true")] }, cancellationToken);
        }
        catch (CairnException gone) when (gone.Code == ErrorCode.NotFound)
        {
            // Deleted while what it started goes on: nobody will ask about it.
        }
    }
}
