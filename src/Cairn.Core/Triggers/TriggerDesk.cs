using Cairn.Core.Accounts;
using Cairn.Core.Artifacts;
using Cairn.Core.Runs;

namespace Cairn.Core.Triggers;

/// <summary>The rules of registered pipelines, their triggers and jobs.</summary>
public sealed partial class TriggerDesk(ITriggerStore store, TimeProvider clock)
{
    public const int MostTriggers = 50;
    public const int MostAttempts = 5;

    /// <summary>A tick that is no later than this has not been missed.</summary>
    private const long Punctual = 60_000;
    private const int MostMadeUp = 1000;
    private const int MostLookedAt = 100_000;

    // The clock looks here once a second; the database is asked only when a tick has come. Null: not known yet.
    private readonly Lock gate = new();
    private long? nextTick;
    private int changes;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Registers a pipeline with its triggers.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> naming the field.</exception>
    public async Task<RegisteredPipeline> RegisterAsync(RegisteredPipeline pipeline, IReadOnlyList<NewTrigger> triggers, CancellationToken cancellationToken)
    {
        CheckName("name", pipeline.Name);
        CheckSource(pipeline.Source);
        CheckChanges("changes", pipeline.Changes);
        if (triggers.Count > MostTriggers)
        {
            throw CairnException.Invalid("triggers", $"'triggers' has {triggers.Count} entries; a pipeline has at most {MostTriggers}.");
        }

        var now = Now;
        var made = new List<Trigger>();
        for (var i = 0; i < triggers.Count; i++)
        {
            var wanted = triggers[i];
            try
            {
                CheckName("name", wanted.Name);
                if (triggers.Take(i).Any(other => other.Name == wanted.Name))
                {
                    throw CairnException.Invalid("name", $"There are two triggers called '{wanted.Name}'.");
                }

                CheckChanges("changes", wanted.Changes);
                made.Add(new Trigger(NewId(), pipeline.Name, wanted.Name, wanted.Spec, wanted.Changes, wanted.IsPaused, Check(wanted.Spec, now), null, now));
            }
            catch (CairnException fault) when (fault.Code == ErrorCode.InvalidArgument)
            {
                throw CairnException.Invalid($"triggers[{i}].{fault.Field}", fault.Message);
            }
        }

        var kept = await store.RegisterAsync(pipeline with { RegisteredAt = now, RegisteredBy = Caller.Current.Sign(pipeline.RegisteredBy) }, made, cancellationToken);
        ForgetTick();
        return kept;
    }

    public async Task<RegisteredPipeline> GetPipelineAsync(string name, CancellationToken cancellationToken) =>
        await store.FindPipelineAsync(name, cancellationToken)
        ?? throw CairnException.NotFound($"There is no registered pipeline '{name}'. Register it with: cairn pipeline register FOLDER");

    public async Task RemovePipelineAsync(string name, CancellationToken cancellationToken)
    {
        if (!await store.RemovePipelineAsync(name, Now, cancellationToken))
        {
            await GetPipelineAsync(name, cancellationToken);
        }
    }

    public async Task<Trigger> GetTriggerAsync(string id, CancellationToken cancellationToken) =>
        await store.FindTriggerAsync(id, cancellationToken) ?? throw MissingTrigger(id);

    public async Task<Trigger> PauseAsync(string id, bool isPaused, CancellationToken cancellationToken)
    {
        var trigger = await GetTriggerAsync(id, cancellationToken);

        // Ticks that pass while it is paused are not missed: nobody wanted them.
        var next = isPaused || trigger.Spec.Kind != TriggerKind.Schedule ? null
            : trigger.IsPaused ? CronSchedule.Parse(trigger.Spec.Schedule!, trigger.Spec.TimeZone).Next(Now)
            : trigger.NextAt;
        var changed = await store.PauseAsync(id, isPaused, next, cancellationToken) ?? throw MissingTrigger(id);
        ForgetTick();
        return changed;
    }

    public async Task RemoveTriggerAsync(string id, CancellationToken cancellationToken)
    {
        if (!await store.RemoveTriggerAsync(id, cancellationToken))
        {
            throw MissingTrigger(id);
        }
    }

    /// <summary>Sets a trigger off by hand, also one that is paused. The same key again answers the same job.</summary>
    public async Task<Job> FireAsync(string id, string? key, string? who, CancellationToken cancellationToken)
    {
        var trigger = await GetTriggerAsync(id, cancellationToken);
        NoteText.Check("key", key);
        NoteText.Check("who", who);
        return await store.AddJobAsync(
            NewJob(trigger, $"hand:{key ?? NewId()}", $"set off by {(Caller.Current.Sign(who) is { Length: > 0 } signed && !string.IsNullOrWhiteSpace(signed) ? signed : "hand")}", Now), cancellationToken);
    }

    /// <summary>Takes a delivery whose signature was checked. The same delivery again answers the same job.</summary>
    public async Task<Job> DeliverAsync(Trigger trigger, string delivery, CancellationToken cancellationToken)
    {
        if (delivery.Length is 0 or > 200)
        {
            throw CairnException.Invalid("X-Cairn-Delivery", "The delivery has no id of 1 to 200 characters. Send one as X-Cairn-Delivery; the same id twice is one event.");
        }

        return trigger.IsPaused
            ? throw new CairnException(ErrorCode.FailedPrecondition, $"The trigger '{trigger.Name}' is paused.")
            : await store.AddJobAsync(NewJob(trigger, $"delivery:{delivery}", $"delivery {delivery}", Now), cancellationToken);
    }

    /// <summary>Leaves jobs for schedules whose tick has come. Called about once a second, and cheap where there is nothing to do.</summary>
    public async Task<int> TickAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        if (await NextTickAsync(cancellationToken) is not { } next || next > now)
        {
            return 0;
        }

        ForgetTick();
        return await store.FireDueAsync(now, trigger => TicksOf(trigger, now), cancellationToken);
    }

    /// <summary>Gives a worker a job, or null.</summary>
    public Task<Job?> LeaseAsync(string worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        CheckName("worker", worker);
        var now = Now;
        return store.LeaseAsync(worker, now, now + (long)lease.TotalMilliseconds, MostAttempts, cancellationToken);
    }

    public Task<Job> ProlongAsync(string id, long token, TimeSpan lease, CancellationToken cancellationToken) =>
        store.ProlongAsync(id, token, Now + (long)lease.TotalMilliseconds, cancellationToken);

    public Task<Job> EndAsync(string id, long token, JobState state, string? message, CancellationToken cancellationToken)
    {
        NoteText.Check("message", message);
        return state is JobState.Finished or JobState.Failed or JobState.Cancelled
            ? store.EndAsync(id, token, state, message, Now, cancellationToken)
            : throw CairnException.Invalid("state", "'state' must be finished, failed or cancelled.");
    }

    public async Task<Job> GetJobAsync(string id, CancellationToken cancellationToken) =>
        await store.FindJobAsync(id, cancellationToken) ?? throw CairnException.NotFound($"There is no job '{id}'.");

    public async Task<Job> CancelAsync(string id, CancellationToken cancellationToken) =>
        await store.CancelAsync(id, Now, cancellationToken) ?? throw CairnException.NotFound($"There is no job '{id}'.");

    public static Job NewJob(Trigger trigger, string key, string cause, long at) => new(
        NewId(), trigger.Pipeline, trigger.Id, trigger.Name, key, cause, at, JobState.Waiting, RunId.New(), trigger.Changes);

    private async Task<long?> NextTickAsync(CancellationToken cancellationToken)
    {
        int seen;
        lock (gate)
        {
            if (nextTick is { } known)
            {
                return known;
            }

            seen = changes;
        }

        var next = await store.ReadNextTickAsync(cancellationToken) ?? long.MaxValue;
        lock (gate)
        {
            // What was registered meanwhile may come earlier than what was read.
            if (seen == changes)
            {
                nextTick = next;
            }
        }

        return next;
    }

    private void ForgetTick()
    {
        lock (gate)
        {
            nextTick = null;
            changes++;
        }
    }

    private static (IReadOnlyList<long> Ticks, long? Next) TicksOf(Trigger trigger, long now)
    {
        var schedule = CronSchedule.Parse(trigger.Spec.Schedule!, trigger.Spec.TimeZone);
        var ticks = new List<long>();
        var tick = trigger.NextAt;
        for (var looked = 0; tick is { } due && due <= now; looked++)
        {
            if (ticks.Count >= (trigger.Spec.Missed == MissedTicks.One ? 1 : MostMadeUp))
            {
                ticks.RemoveAt(0);
            }

            if (trigger.Spec.Missed != MissedTicks.Skip || now - due <= Punctual)
            {
                ticks.Add(due);
            }

            // A schedule of every second on a server that was down for months would keep everybody waiting.
            tick = schedule.Next(looked < MostLookedAt ? due : Math.Max(due, now - Punctual));
        }

        return (ticks, tick);
    }

    /// <summary>Checks what a trigger listens to and answers its first tick.</summary>
    private static long? Check(TriggerSpec spec, long now)
    {
        switch (spec.Kind)
        {
            case TriggerKind.Schedule:
                var first = CronSchedule.Parse(spec.Schedule ?? "", spec.TimeZone).Next(now);
                return first ?? throw CairnException.Invalid("schedule", $"The schedule '{spec.Schedule}' never comes.");
            case TriggerKind.Artifact:
                ArtifactNames.Check("artifact", spec.Artifact ?? "");
                return null;
            case TriggerKind.Alias:
                ArtifactNames.Check("alias", spec.Artifact ?? "");
                ArtifactNames.CheckAlias(spec.Alias ?? "");
                return null;
            case TriggerKind.Webhook:
                return spec.Secret is { Length: >= 16 and <= 1000 }
                    ? null
                    : throw CairnException.Invalid("secret", "A webhook needs a secret of at least 16 characters, by which its requests are signed: else anybody could set it off.");
            default:
                CheckName("check", spec.Check ?? "");
                return null;
        }
    }

    private static void CheckSource(PipelineSource source)
    {
        if (source.Kind is not ("snapshot" or "git" or "folder"))
        {
            throw CairnException.Invalid("source.kind", "'source.kind' must be snapshot, git or folder.");
        }

        if (source.Location.Length is 0 or > 2000 || source.Location.Any(char.IsControl))
        {
            throw CairnException.Invalid("source.location", "'source.location' must be 1 to 2000 characters in one line.");
        }

        if (source.File.Length is 0 or > 500 || source.File.Any(char.IsControl) || source.File.Split('/', '\\').Contains("..") || Path.IsPathRooted(source.File))
        {
            throw CairnException.Invalid("source.file", "'source.file' must be a path within the source, such as pipeline.yaml.");
        }

        if (source.Commit is { Length: > 100 })
        {
            throw CairnException.Invalid("source.commit", "'source.commit' has more than 100 characters.");
        }
    }

    private static void CheckChanges(string field, IReadOnlyList<string> changes)
    {
        if (changes.Count > 200 || changes.Any(change => string.IsNullOrWhiteSpace(change) || change.Length > NoteText.Longest))
        {
            throw CairnException.Invalid(field, $"'{field}' must be at most 200 changes such as 'model.trees=200', each of 1 to {NoteText.Longest} characters.");
        }
    }

    private static void CheckName(string field, string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 200 || name.Any(char.IsControl) || !UnicodeText.IsWellFormed(name))
        {
            throw CairnException.Invalid(field, $"'{field}' must be 1 to 200 characters in one line.");
        }
    }

    private static string NewId() => Guid.NewGuid().ToString("N")[..16];

    private static CairnException MissingTrigger(string id) => CairnException.NotFound($"There is no trigger '{id}'. See: cairn trigger ls");
}

/// <summary>A trigger that a pipeline declares.</summary>
public sealed record NewTrigger(string Name, TriggerSpec Spec, IReadOnlyList<string> Changes, bool IsPaused = false);
