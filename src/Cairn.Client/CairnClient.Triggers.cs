using Cairn.Client.Http;
using Cairn.Client.Wire;

namespace Cairn.Client;

public sealed partial class CairnClient
{
    /// <summary>Registers a pipeline with its triggers, in place of the one of its name.</summary>
    public Task<PipelineInfo> RegisterPipelineAsync(string name, RegisterPipelineRequest pipeline, CancellationToken cancellation = default) =>
        _api.PutAsync(
            ApiPath.Of("pipelines").Segment(name, "name"), pipeline, CairnJson.Default.RegisterPipelineRequest, CairnJson.Default.PipelineInfo, cancellation);

    /// <summary>Registered pipelines by name.</summary>
    public async Task<IReadOnlyList<PipelineInfo>> ListPipelinesAsync(CancellationToken cancellation = default) =>
        (await _api.GetAsync(ApiPath.Of("pipelines"), CairnJson.Default.PipelineList, cancellation)).Pipelines;

    /// <summary>Forgets a pipeline and its triggers; its runs stay.</summary>
    public Task RemovePipelineAsync(string name, CancellationToken cancellation = default) =>
        _api.DeleteAsync(ApiPath.Of("pipelines").Segment(name, "name"), cancellation);

    /// <summary>Triggers, and when a worker was last heard of.</summary>
    public Task<TriggerList> ListTriggersAsync(string? pipeline = null, CancellationToken cancellation = default) =>
        _api.GetAsync(ApiPath.Of("triggers").Query("pipeline", pipeline), CairnJson.Default.TriggerList, cancellation);

    /// <summary>Sets a trigger off; the same key again answers the same job.</summary>
    public Task<JobInfo> FireTriggerAsync(string triggerId, FireTriggerRequest? request = null, CancellationToken cancellation = default) =>
        _api.PostAsync(
            TriggerPath(triggerId).Literal("fire"),
            request ?? new FireTriggerRequest(Guid.NewGuid().ToString("N"), Environment.UserName),
            CairnJson.Default.FireTriggerRequest,
            CairnJson.Default.JobInfo,
            cancellation);

    /// <summary>Pauses a trigger: it listens to nothing until it is resumed.</summary>
    public Task<TriggerInfo> PauseTriggerAsync(string triggerId, CancellationToken cancellation = default) =>
        _api.SendForAsync(HttpMethod.Post, TriggerPath(triggerId).Literal("pause"), null, CairnJson.Default.TriggerInfo, cancellation);

    /// <summary>Resumes a trigger.</summary>
    public Task<TriggerInfo> ResumeTriggerAsync(string triggerId, CancellationToken cancellation = default) =>
        _api.SendForAsync(HttpMethod.Post, TriggerPath(triggerId).Literal("resume"), null, CairnJson.Default.TriggerInfo, cancellation);

    /// <summary>Removes a trigger.</summary>
    public Task RemoveTriggerAsync(string triggerId, CancellationToken cancellation = default) => _api.DeleteAsync(TriggerPath(triggerId), cancellation);

    /// <summary>Jobs, newest first; null arguments mean any.</summary>
    public async Task<IReadOnlyList<JobInfo>> ListJobsAsync(
        string? pipeline = null, string? triggerId = null, string? state = null, int? limit = null, CancellationToken cancellation = default) =>
        (await _api.GetAsync(
            ApiPath.Of("jobs").Query("pipeline", pipeline).Query("trigger", triggerId).Query("state", state).Query("limit", limit),
            CairnJson.Default.JobList,
            cancellation)).Jobs;

    /// <summary>Ends a job that waits, asks for the end of one that runs.</summary>
    public Task<JobInfo> CancelJobAsync(string jobId, CancellationToken cancellation = default) =>
        _api.SendForAsync(HttpMethod.Post, JobPath(jobId).Literal("cancel"), null, CairnJson.Default.JobInfo, cancellation);

    /// <summary>Takes a job; null where there is none.</summary>
    public async Task<JobLease?> LeaseJobAsync(LeaseJobRequest request, CancellationToken cancellation = default) =>
        (await _api.PostAsync(ApiPath.Of("jobs/lease"), request, CairnJson.Default.LeaseJobRequest, CairnJson.Default.LeaseAnswer, cancellation)).Lease;

    /// <summary>Keeps a job. Throws with the code "conflict" where another worker has it now.</summary>
    public Task<JobInfo> ProlongJobAsync(string jobId, HeartbeatRequest request, CancellationToken cancellation = default) =>
        _api.PostAsync(JobPath(jobId).Literal("heartbeat"), request, CairnJson.Default.HeartbeatRequest, CairnJson.Default.JobInfo, cancellation);

    /// <summary>Ends a job. Throws with the code "conflict" where another worker has it now.</summary>
    public Task<JobInfo> EndJobAsync(string jobId, EndJobRequest request, CancellationToken cancellation = default) =>
        _api.PostAsync(JobPath(jobId).Literal("end"), request, CairnJson.Default.EndJobRequest, CairnJson.Default.JobInfo, cancellation);

    /// <summary>Webhooks, newest first.</summary>
    public async Task<IReadOnlyList<WebhookInfo>> ListWebhooksAsync(CancellationToken cancellation = default) =>
        (await _api.GetAsync(ApiPath.Of("webhooks"), CairnJson.Default.WebhookList, cancellation)).Webhooks;

    /// <summary>Has messages sent of what happens.</summary>
    public Task<WebhookInfo> CreateWebhookAsync(CreateWebhookRequest request, CancellationToken cancellation = default) =>
        _api.PostAsync(ApiPath.Of("webhooks"), request, CairnJson.Default.CreateWebhookRequest, CairnJson.Default.WebhookInfo, cancellation);

    /// <summary>Removes a webhook and the messages that wait for it.</summary>
    public Task RemoveWebhookAsync(string webhookId, CancellationToken cancellation = default) =>
        _api.DeleteAsync(ApiPath.Of("webhooks").Segment(webhookId, "webhook"), cancellation);

    private static ApiPath TriggerPath(string id) => ApiPath.Of("triggers").Segment(id, "trigger");

    private static ApiPath JobPath(string id) => ApiPath.Of("jobs").Segment(id, "job");
}
