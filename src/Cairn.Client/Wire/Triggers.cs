namespace Cairn.Client.Wire;

/// <summary>Where a worker finds a pipeline.</summary>
/// <param name="Kind">"snapshot" (an artifact version that holds its folder), "git" or "folder" (on the worker's machine).</param>
/// <param name="Location">"experiment/name:v3", an address or a path.</param>
/// <param name="File">Path of the pipeline file within it.</param>
/// <param name="Commit">Commit of the code, or null.</param>
public sealed record PipelineSourceInfo(string Kind, string Location, string File = "pipeline.yaml", string? Commit = null);

/// <summary>Body of <c>PUT /api/v1/pipelines/{name}</c>. The pipeline's triggers become these; those whose name stays keep their id and whether they are paused.</summary>
/// <param name="Experiment">Name of the experiment of its runs, made if missing.</param>
/// <param name="Source">Where it is.</param>
/// <param name="Triggers">What sets it going, or null.</param>
/// <param name="Changes">Changes of its parameters for every run ("model.trees=200"), or null.</param>
/// <param name="Who">Who registers it, or null.</param>
public sealed record RegisterPipelineRequest(
    string Experiment,
    PipelineSourceInfo Source,
    IReadOnlyList<TriggerRequest>? Triggers = null,
    IReadOnlyList<string>? Changes = null,
    string? Who = null);

/// <summary>A trigger that a pipeline declares. Which members are set depends on the kind.</summary>
/// <param name="Name">Unique within the pipeline.</param>
/// <param name="Kind">"schedule", "artifact", "alias", "webhook" or "check".</param>
/// <param name="Schedule">Five or six fields of cron; of a schedule.</param>
/// <param name="Timezone">In which zone the schedule is meant ("Europe/Berlin"); null means UTC.</param>
/// <param name="Missed">Ticks that passed while the server was down: "one" (the last is made up for, the default), "all" or "skip".</param>
/// <param name="Experiment">Where the artifact or check is; null means the pipeline's.</param>
/// <param name="Artifact">Name of the artifact; of an artifact or alias.</param>
/// <param name="Alias">Name of the alias.</param>
/// <param name="Check">Name of the check; "*" for any.</param>
/// <param name="Secret">Key of a webhook's signatures, at least 16 characters.</param>
/// <param name="Changes">Further changes of parameters, or null.</param>
/// <param name="Paused">It begins paused.</param>
public sealed record TriggerRequest(
    string Name,
    string Kind,
    string? Schedule = null,
    string? Timezone = null,
    string? Missed = null,
    string? Experiment = null,
    string? Artifact = null,
    string? Alias = null,
    string? Check = null,
    string? Secret = null,
    IReadOnlyList<string>? Changes = null,
    bool Paused = false);

/// <summary>A registered pipeline.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ExperimentId">The experiment of its runs.</param>
/// <param name="ExperimentName">Its name.</param>
/// <param name="Source">Where it is.</param>
/// <param name="Changes">Changes of its parameters for every run.</param>
/// <param name="RegisteredBy">Who, or null.</param>
/// <param name="RegisteredAt">Unix milliseconds.</param>
/// <param name="Revision">Counts registrations under this name, from 1.</param>
public sealed record PipelineInfo(
    string Name,
    string ExperimentId,
    string ExperimentName,
    PipelineSourceInfo Source,
    IReadOnlyList<string> Changes,
    string? RegisteredBy,
    long RegisteredAt,
    int Revision);

/// <summary>Answer of <c>GET /api/v1/pipelines</c>.</summary>
public sealed record PipelineList(IReadOnlyList<PipelineInfo> Pipelines);

/// <summary>A trigger as it is kept. A secret is never shown.</summary>
/// <param name="Id">Of the trigger; a webhook is sent to <c>/api/v1/hooks/{id}</c>.</param>
/// <param name="Pipeline">What it sets going.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">"schedule", "artifact", "alias", "webhook" or "check".</param>
/// <param name="Condition">What it listens to, in words: "0 3 * * * (Europe/Berlin)", "clean_data.csv:reference".</param>
/// <param name="Paused">It listens to nothing for now.</param>
/// <param name="Changes">Changes of parameters.</param>
/// <param name="Missed">"one", "all" or "skip"; of a schedule.</param>
/// <param name="NextAt">The next tick, Unix milliseconds; of a schedule.</param>
/// <param name="LastAt">When it was set off last, or null.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
public sealed record TriggerInfo(
    string Id,
    string Pipeline,
    string Name,
    string Kind,
    string Condition,
    bool Paused,
    IReadOnlyList<string> Changes,
    string? Missed,
    long? NextAt,
    long? LastAt,
    long CreatedAt);

/// <summary>Answer of <c>GET /api/v1/triggers?pipeline=</c>.</summary>
/// <param name="Triggers">By pipeline and name.</param>
/// <param name="WorkerSeenAt">When a worker last asked for work, Unix milliseconds; null where none has since the server started.</param>
public sealed record TriggerList(IReadOnlyList<TriggerInfo> Triggers, long? WorkerSeenAt);

/// <summary>Body of <c>POST /api/v1/triggers/{triggerId}/fire</c>.</summary>
/// <param name="Key">Names the event: the same key again answers the same job. Null makes one.</param>
/// <param name="Who">Who sets it off, or null.</param>
public sealed record FireTriggerRequest(string? Key = null, string? Who = null);

/// <summary>Body of <c>POST /api/v1/pipelines/{name}/jobs</c>.</summary>
/// <param name="Changes">Changes of parameters for this run ("model.trees=200"), or null.</param>
/// <param name="Key">Names the wish: the same key again answers the same job. Null makes one.</param>
/// <param name="Who">Who asks, or null.</param>
/// <param name="RunId">A run of the pipeline that failed or was stopped, to go on with; null for a new one.</param>
public sealed record LaunchRequest(IReadOnlyList<string>? Changes = null, string? Key = null, string? Who = null, string? RunId = null);

/// <summary>One event of one trigger, to be carried out once.</summary>
/// <param name="Id">Of the job.</param>
/// <param name="Pipeline">What is to run.</param>
/// <param name="TriggerId">What set it off.</param>
/// <param name="TriggerName">Its name.</param>
/// <param name="Cause">What happened, in words.</param>
/// <param name="At">When it happened, Unix milliseconds.</param>
/// <param name="State">"waiting", "running", "finished", "failed" or "cancelled".</param>
/// <param name="RunId">The run it becomes; it exists from when a worker begins.</param>
/// <param name="Changes">Changes of the pipeline's parameters.</param>
/// <param name="Attempt">How many workers have had it.</param>
/// <param name="Worker">Who has or had it, or null.</param>
/// <param name="LeaseUntil">Until when, Unix milliseconds, unless it is heard of again.</param>
/// <param name="CancelRequested">Somebody wants it ended.</param>
/// <param name="StartedAt">When the first worker took it, or null.</param>
/// <param name="EndedAt">When it ended, or null.</param>
/// <param name="Message">How it ended, or null.</param>
public sealed record JobInfo(
    string Id,
    string Pipeline,
    string? TriggerId,
    string TriggerName,
    string Cause,
    long At,
    string State,
    string RunId,
    IReadOnlyList<string> Changes,
    int Attempt,
    string? Worker,
    long? LeaseUntil,
    bool CancelRequested,
    long? StartedAt,
    long? EndedAt,
    string? Message);

/// <summary>Answer of <c>GET /api/v1/jobs?pipeline=&amp;trigger=&amp;state=&amp;limit=</c>, newest first.</summary>
public sealed record JobList(IReadOnlyList<JobInfo> Jobs);

/// <summary>Body of <c>POST /api/v1/jobs/lease</c>.</summary>
/// <param name="Worker">A name for people, such as "host-4711".</param>
/// <param name="Seconds">How long the worker may be silent, 5 to 3600.</param>
public sealed record LeaseJobRequest(string Worker, int Seconds = 60);

/// <summary>Answer of <c>POST /api/v1/jobs/lease</c>.</summary>
/// <param name="Lease">The job; null where there is none.</param>
public sealed record LeaseAnswer(JobLease? Lease);

/// <summary>A job in a worker's hands.</summary>
/// <param name="Job">The job.</param>
/// <param name="Token">Grows with each worker that has the job; whoever holds an older one is refused.</param>
/// <param name="Pipeline">The pipeline as it is registered now.</param>
public sealed record JobLease(JobInfo Job, long Token, PipelineInfo Pipeline);

/// <summary>Body of <c>POST /api/v1/jobs/{jobId}/heartbeat</c>. Answers <see cref="JobInfo"/>; refused (409) where another worker has the job.</summary>
public sealed record HeartbeatRequest(long Token, int Seconds = 60);

/// <summary>Body of <c>POST /api/v1/jobs/{jobId}/end</c>. Answers <see cref="JobInfo"/>; sent again it changes nothing.</summary>
/// <param name="Token">Of the lease.</param>
/// <param name="State">"finished", "failed" or "cancelled".</param>
/// <param name="Message">How it ended, or null.</param>
public sealed record EndJobRequest(long Token, string State, string? Message = null);

/// <summary>Who hears of what happens, and where. A secret is never shown.</summary>
/// <param name="Id">Of the webhook.</param>
/// <param name="Name">For people.</param>
/// <param name="Url">Where messages are sent, if the operator allows the host.</param>
/// <param name="Events">Such as "promotion.refused".</param>
/// <param name="Active">False sends nothing.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
public sealed record WebhookInfo(string Id, string Name, string Url, IReadOnlyList<string> Events, bool Active, long CreatedAt);

/// <summary>Answer of <c>GET /api/v1/webhooks</c>.</summary>
public sealed record WebhookList(IReadOnlyList<WebhookInfo> Webhooks);

/// <summary>Body of <c>POST /api/v1/webhooks</c>.</summary>
/// <param name="Name">For people.</param>
/// <param name="Url">Where messages are sent.</param>
/// <param name="Events">"promotion.accepted", "promotion.refused", "promotion.rolled_back", "check.failed", "pipeline.failed", or one of the registry's, such as "model_version.created".</param>
/// <param name="Secret">Key of the messages' signatures, or null.</param>
public sealed record CreateWebhookRequest(string Name, string Url, IReadOnlyList<string> Events, string? Secret = null);
