using System.Globalization;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Backends.Slurm;

/// <summary>What Slurm says of our jobs: asked once for all of them, at most once a second.</summary>
internal sealed class SlurmQueue : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _gate = new(1);
    private Dictionary<string, SlurmState> _states = new(StringComparer.Ordinal);
    private long _asked;
    private bool _answers;

    /// <summary>The job's state; null where Slurm does not know it. <c>Answers</c> is false while Slurm does not answer at all.</summary>
    public async Task<(SlurmState? State, bool Answers)> StateAsync(string job, CancellationToken cancellation)
    {
        var (states, answers) = await AllAsync(cancellation);
        return (states.GetValueOrDefault(job), answers);
    }

    /// <summary>All jobs of this user that Slurm still knows.</summary>
    public async Task<(IReadOnlyDictionary<string, SlurmState> States, bool Answers)> AllAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_asked == 0 || TimeProvider.System.GetElapsedTime(_asked) >= Pause)
            {
                var text = await ProgramAnswer.ReadAsync("squeue", ["--me", "-h", "-r", "-t", "all", "-o", "%i|%T|%k|%r"], "/", Limit, cancellation);
                _answers = text is not null;
                _states = text is null ? _states : Parse(text);
                _asked = TimeProvider.System.GetTimestamp();
            }

            return (_states, _answers);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The exit code that Slurm noted; null where it does not know.</summary>
    public static async Task<int?> ExitCodeAsync(string job, CancellationToken cancellation)
    {
        var text = await ProgramAnswer.ReadAsync("scontrol", ["show", "job", "-o", job], "/", Limit, cancellation);
        var at = text?.IndexOf(" ExitCode=", StringComparison.Ordinal) ?? -1;
        if (at < 0)
        {
            return null;
        }

        var parts = text![(at + " ExitCode=".Length)..].Split(' ', 2)[0].Split(':');
        return parts.Length == 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var code) && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var signal)
            ? signal > 0 ? 128 + signal : code
            : null;
    }

    /// <summary>Asks Slurm to signal all processes of a job, or without a signal to end it.</summary>
    public static Task CancelAsync(string job, string? signal) =>
        ProgramAnswer.ReadAsync("scancel", signal is null ? [job] : ["--full", $"--signal={signal}", job], "/", Limit, CancellationToken.None);

    public void Dispose() => _gate.Dispose();

    private static Dictionary<string, SlurmState> Parse(string text)
    {
        var states = new Dictionary<string, SlurmState>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split('|', 4) is [var job, var state, var comment, var reason])
            {
                states[job.Trim()] = new SlurmState(state, comment, reason);
            }
        }

        return states;
    }
}
