using System.Globalization;
using System.Text;
using Cairn.Projects.Binding;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Backends.Slurm;

/// <summary>
/// Hands commands to <c>sbatch</c>. Those that come at the same time and ask for the same become one array: a sweep is
/// one job of many tasks.
/// </summary>
internal sealed class SlurmSubmitter(SlurmSettings settings, string root)
{
    /// <summary>A command waits so long for others like it, and again so long after each that comes.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);

    /// <summary>But not longer than this.</summary>
    private static readonly TimeSpan LongestWindow = TimeSpan.FromSeconds(2);

    /// <summary>Scripts and last words of jobs that are long over.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>What clusters take without their settings changed.</summary>
    private const int MostInArray = 500;

    /// <summary>Variables of ours that sbatch itself needs; the command gets its own from a file.</summary>
    private static readonly string[] OfSbatch = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LD_LIBRARY_PATH"];

    private readonly Lock _gate = new();
    private List<Waiting> _waiting = [];

    private sealed record Waiting(JobOrder Order, SlurmFolder Folder, TaskCompletionSource<string> Job);

    /// <summary>Answers the id of the job, or of its task in an array.</summary>
    /// <exception cref="ProjectException">sbatch refuses.</exception>
    public Task<string> SubmitAsync(JobOrder order, SlurmFolder folder)
    {
        var waiting = new Waiting(order, folder, new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            _waiting.Add(waiting);
            if (_waiting.Count == 1)
            {
                _ = Task.Run(SubmitAllAsync);
            }
        }

        return waiting.Job.Task;
    }

    private async Task SubmitAllAsync()
    {
        await OthersAsync();
        List<Waiting> all;
        lock (_gate)
        {
            (all, _waiting) = (_waiting, []);
        }

        foreach (var batch in all.GroupBy(one => (one.Order.Resources, one.Order.Timeout)).SelectMany(group => group.Chunk(MostInArray)))
        {
            try
            {
                await SubmitAsync(batch);
            }
            catch (Exception fault)
            {
                foreach (var one in batch)
                {
                    one.Job.TrySetException(fault is ProjectException ? fault : new ProjectException($"The job could not be handed to Slurm: {fault.Message}"));
                }
            }
        }
    }

    /// <summary>Waits until no more come.</summary>
    private async Task OthersAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        int before, now = 0;
        do
        {
            before = now;
            await Task.Delay(Window);
            lock (_gate)
            {
                now = _waiting.Count;
            }
        }
        while (now > before && TimeProvider.System.GetElapsedTime(began) < LongestWindow);
    }

    private async Task SubmitAsync(Waiting[] batch)
    {
        RemoveOld();
        var id = Guid.NewGuid().ToString("N")[..16];
        var folder = Path.Combine(root, "batches", id);
        SlurmFolder.MakePrivate(folder);
        for (var i = 0; i < batch.Length; i++)
        {
            batch[i].Folder.NoteBatch(id, i);
        }

        var script = Path.Combine(folder, "batch.sh");
        SlurmFolder.WritePrivate(script, Script(batch));
        var sbatch = Programs.Find("sbatch")
            ?? throw new ProjectException("--backend slurm needs Slurm's sbatch, which is not on PATH: run it on a login node of the cluster, or install slurm-client.");
        var result = await Tool.RunAsync(new ChildCommand(sbatch, Arguments(batch, id, folder, script), "/", Variables()), null, CancellationToken.None);
        if (!result.Exit.IsSuccess)
        {
            throw new ProjectException($"sbatch refuses the job: {result.Complaint}");
        }

        // "123" or, on federated clusters, "123;name".
        var job = result.Output.Trim().Split('\n')[^1].Split(';')[0].Trim();
        for (var i = 0; i < batch.Length; i++)
        {
            var task = batch.Length == 1 ? job : string.Create(CultureInfo.InvariantCulture, $"{job}_{i}");
            batch[i].Folder.NoteJob(task);
            batch[i].Job.TrySetResult(task);
        }
    }

    private void RemoveOld()
    {
        try
        {
            foreach (var old in new DirectoryInfo(Path.Combine(root, "batches")).EnumerateDirectories().Where(old => old.LastWriteTimeUtc < DateTime.UtcNow - Kept))
            {
                old.Delete(recursive: true);
            }
        }
        catch (IOException)
        {
            // There are none yet, or another runner removes them too.
        }
    }

    private static string Script(Waiting[] batch)
    {
        if (batch.Length == 1)
        {
            return $"#!/bin/sh\nexec /bin/sh {ShellText.Word(batch[0].Folder.Script)}\n";
        }

        var text = new StringBuilder("#!/bin/sh\ncase $SLURM_ARRAY_TASK_ID in\n");
        for (var i = 0; i < batch.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i}) exec /bin/sh {ShellText.Word(batch[i].Folder.Script)};;\n");
        }

        return text.Append("esac\nexit 127\n").ToString();
    }

    private List<string> Arguments(Waiting[] batch, string id, string folder, string script)
    {
        var (resources, timeout) = (batch[0].Order.Resources, batch[0].Order.Timeout ?? settings.Time);
        var title = batch.Length == 1 ? batch[0].Order.Title : $"{batch[0].Order.Title}+{batch.Length - 1}";
        List<string> arguments =
        [
            "--parsable", "--no-requeue", "--kill-on-invalid-dep=yes", "--export=ALL", "--chdir=/", "--nodes=1", "--ntasks=1",
            $"--job-name={Plain(title)}", $"--comment={CommentOf(id)}", $"--output={folder}/slurm{(batch.Length == 1 ? "" : "-%a")}.out",
            string.Create(CultureInfo.InvariantCulture, $"--cpus-per-task={resources.Processors}"),
        ];
        Add("--mem", resources.Memory is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{(bytes + 1023) / 1024}K") : null);
        Add("--gres", resources.Gpus is { } gpus ? $"gpu:{gpus}" : null);
        // Slurm counts in minutes. The runner ends the command to the second; this holds where the runner is gone.
        Add("--time", timeout is { } time ? string.Create(CultureInfo.InvariantCulture, $"{(int)Math.Ceiling(time.TotalMinutes) + 1}") : null);
        Add("--partition", settings.Partition);
        Add("--account", settings.Account);
        Add("--qos", settings.Qos);
        Add("--constraint", settings.Constraint);
        Add("--reservation", settings.Reservation);
        Add("--nodelist", settings.Nodes);
        Add("--dependency", settings.Dependency);
        Add("--array", batch.Length == 1 ? null : string.Create(CultureInfo.InvariantCulture, $"0-{batch.Length - 1}"));
        arguments.Add(script);
        return arguments;

        void Add(string option, string? value)
        {
            if (value is not null)
            {
                arguments.Add($"{option}={value}");
            }
        }
    }

    public static string CommentOf(string batch) => $"cairn-{batch}";

    private static string Plain(string title) => new(title.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+' or '[' or ']' ? c : '_').Take(60).ToArray());

    private static Dictionary<string, string> Variables() => CurrentEnvironment.Copy()
        .Where(pair => OfSbatch.Contains(pair.Key) || pair.Key is "SLURM_CONF" or "SLURM_CLUSTERS" || pair.Key.StartsWith("MUNGE_", StringComparison.Ordinal))
        .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
}
