using Cairn.Cli.Output;
using Cairn.Client.Wire;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Running;
using Cairn.Projects.Sources;

namespace Cairn.Cli.Commands.Pipelines;

/// <summary>Where a pipeline lies that a command line names: a folder of this machine, or a place that it is fetched from, as for <c>cairn run</c>.</summary>
internal static class PipelinePlace
{
    /// <summary>Fetches it; null where it is a folder or file of this machine that is used as it is.</summary>
    public static async Task<ProjectSource?> FetchAsync(CairnProgram program, string place, string? version, string? storage = null)
    {
        if (version is null && SourceAddress.Parse(place).Kind == SourceKind.Folder)
        {
            return null;
        }

        // Found again wherever the pipeline is gone on with.
        var lasting = Path.Exists(place) ? Path.GetFullPath(place) : place;
        return await SourceFetcher.FetchAsync(
            lasting, version, storage, text => program.Terminal.Say(program.Terminal.ErrorInk.Dim($"  {TextWidth.Safe(text)}")), program.Interrupts.Stop);
    }

    /// <summary>Fetches again what a run was made of: the very commit. Null where that lay on this machine.</summary>
    public static async Task<ProjectSource?> FetchAsync(CairnProgram program, RunDetail run, string? storage = null) =>
        run.Tags.GetValueOrDefault(StepTags.PipelineSource) is { } place
            ? await FetchAsync(program, place, run.Tags.GetValueOrDefault(RunTags.Commit), storage)
            : null;

    /// <summary>True where the words can only be the address of something that is fetched, and no name of a run.</summary>
    public static bool IsAddress(string place) =>
        place.Contains("://", StringComparison.Ordinal) || (place.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && place.IndexOf(':', at) > 0);
}
