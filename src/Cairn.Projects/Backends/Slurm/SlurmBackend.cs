using Cairn.Client.Wire;

namespace Cairn.Projects.Backends.Slurm;

/// <summary>
/// Commands as jobs of a Slurm cluster. Jobs outlive us: a runner that is started again finds each by its folder and
/// watches on.
/// </summary>
public sealed class SlurmBackend : IRunBackend, IDisposable
{
    /// <summary>Tag of a run: the folder below which its job has one of its own.</summary>
    public const string FolderTag = "cairn.backend.folder";

    private readonly SlurmSettings _settings;
    private readonly string _root;
    private readonly SlurmSubmitter _submitter;
    private readonly SlurmQueue _queue = new();

    /// <param name="settings">What the cluster is asked for.</param>
    /// <param name="cacheFolder">Where jobs have their folders, unless the settings say another place.</param>
    public SlurmBackend(SlurmSettings settings, string cacheFolder)
    {
        _settings = settings;
        _root = settings.Folder ?? Path.Combine(Path.GetFullPath(cacheFolder), "slurm");
        _submitter = new SlurmSubmitter(settings, _root);
        Tags = new Dictionary<string, string>(StringComparer.Ordinal) { [FolderTag] = _root };
    }

    public string Name => "slurm";

    public IReadOnlyDictionary<string, string> Tags { get; }

    public async Task<IRunJob> StartAsync(JobOrder order, CancellationToken cancellation)
    {
        var folder = new SlurmFolder(Path.Combine(_root, order.RunId));
        folder.Prepare(order with { Resources = WithDefaults(order.Resources) });
        var job = await _submitter.SubmitAsync(order with { Resources = WithDefaults(order.Resources) }, folder);
        return new SlurmJob(folder, job, _queue, order.Remark);
    }

    public async Task<IRunJob?> FindAsync(RunDetail run, Action<string> remark, CancellationToken cancellation)
    {
        if (run.Tags.GetValueOrDefault(FolderTag) is not { } root)
        {
            return null;
        }

        var folder = new SlurmFolder(Path.Combine(root, run.Run.Id));
        var job = folder.Job ?? await SubmittedAsync(folder, cancellation);
        return job is null ? null : new SlurmJob(folder, job, _queue, remark);
    }

    public void Dispose() => _queue.Dispose();

    /// <summary>We may have been killed between handing a job over and writing down its number.</summary>
    private async Task<string?> SubmittedAsync(SlurmFolder folder, CancellationToken cancellation)
    {
        if (folder.Batch is not { } batch)
        {
            return null;
        }

        var (states, _) = await _queue.AllAsync(cancellation);
        var comment = SlurmSubmitter.CommentOf(batch.Batch);
        return states.Where(pair => pair.Value.Comment == comment).Select(pair => pair.Key)
            .FirstOrDefault(job => !job.Contains('_', StringComparison.Ordinal) || job.EndsWith($"_{batch.Index}", StringComparison.Ordinal));
    }

    private JobResources WithDefaults(JobResources wanted) => new(
        Math.Max(wanted.Processors, _settings.Resources.Processors), wanted.Memory ?? _settings.Resources.Memory, wanted.Gpus ?? _settings.Resources.Gpus);
}
