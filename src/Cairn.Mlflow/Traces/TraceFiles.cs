using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Mlflow.Runs;

namespace Cairn.Mlflow.Traces;

/// <summary>What clients keep as files of a trace: spans of older ones, attachments.</summary>
internal sealed class TraceFiles(FileTree files, ArtifactRoots roots)
{
    /// <summary>Where they are below the place of the experiment.</summary>
    public static string Path(string id) => $"traces/{id}/artifacts";

    /// <summary>
    /// Removes the files of traces that are gone, where the server keeps them. The place is the one that was given out, not
    /// what a tag of the trace says: anybody may change that.
    /// </summary>
    public async Task RemoveAsync(ExperimentId experiment, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids.Where(IsPlain))
        {
            if (files.Locate(await roots.InExperimentAsync(experiment, Path(id), cancellationToken)) is not { } place)
            {
                continue;
            }

            try
            {
                await files.DeleteAsync(place.Owner, place.Path, cancellationToken);
            }
            catch (CairnException none) when (none.Code == ErrorCode.NotFound)
            {
                // Most traces have no files.
            }
        }
    }

    // Others could lead out of their folder when the place is read as an address.
    private static bool IsPlain(string id) => id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
