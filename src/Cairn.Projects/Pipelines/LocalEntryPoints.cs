namespace Cairn.Projects.Pipelines;

/// <summary>The entry points of those components that lie beside the pipeline, each read once, however many combinations ask.</summary>
internal sealed class LocalEntryPoints(Pipeline pipeline)
{
    private readonly Dictionary<(string Component, string EntryPoint), EntryPoint?> _read = [];

    /// <summary>What a step starts; null where that is not here, or cannot be read.</summary>
    public EntryPoint? Of(PipelineStep step)
    {
        if (step.Version is not null)
        {
            return null;
        }

        if (!_read.TryGetValue((step.Component, step.EntryPoint), out var entryPoint))
        {
            _read.Add((step.Component, step.EntryPoint), entryPoint = Read(Path.Combine(pipeline.Folder, step.Component), step.EntryPoint));
        }

        return entryPoint;
    }

    private static EntryPoint? Read(string folder, string entryPoint)
    {
        try
        {
            return Directory.Exists(folder) ? ProjectFile.OpenFor(folder, entryPoint).EntryPoint(entryPoint) : null;
        }
        catch (ProjectException)
        {
            // Told by the step itself, which others may go on without.
            return null;
        }
    }
}
