using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Triggers;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>Between triggers and jobs and the native wire records.</summary>
internal static class TriggerWire
{
    public static NewTrigger Read(Wire.TriggerRequest request, ExperimentId place, string at) => new(
        request.Name,
        new TriggerSpec(
            request.Kind switch
            {
                "schedule" => TriggerKind.Schedule,
                "artifact" => TriggerKind.Artifact,
                "alias" => TriggerKind.Alias,
                "webhook" => TriggerKind.Webhook,
                "check" => TriggerKind.Check,
                _ => throw CairnException.Invalid($"{at}.kind", $"'{at}.kind' must be schedule, artifact, alias, webhook or check."),
            },
            request.Kind == "schedule" ? request.Schedule ?? "" : null,
            request.Kind == "schedule" ? request.Timezone : null,
            request.Missed switch
            {
                null or "one" => MissedTicks.One,
                "all" => MissedTicks.All,
                "skip" => MissedTicks.Skip,
                _ => throw CairnException.Invalid($"{at}.missed", $"'{at}.missed' must be one, all or skip."),
            },
            request.Kind is "artifact" or "alias" or "check" ? place : null,
            request.Kind is "artifact" or "alias" ? request.Artifact : null,
            request.Kind == "alias" ? request.Alias : null,
            request.Kind == "check" ? request.Check : null,
            request.Kind == "webhook" ? request.Secret : null),
        request.Changes ?? [],
        request.Paused);

    public static Wire.PipelineInfo ToWire(this RegisteredPipeline pipeline, string experimentName) => new(
        pipeline.Name,
        pipeline.ExperimentId.ToString(),
        experimentName,
        new Wire.PipelineSourceInfo(pipeline.Source.Kind, pipeline.Source.Location, pipeline.Source.File, pipeline.Source.Commit),
        pipeline.Changes,
        pipeline.RegisteredBy,
        pipeline.RegisteredAt,
        pipeline.Revision);

    public static Wire.TriggerInfo ToWire(this Trigger trigger) => new(
        trigger.Id,
        trigger.Pipeline,
        trigger.Name,
        trigger.Spec.Kind.ToString().ToLowerInvariant(),
        trigger.Spec.Kind switch
        {
            TriggerKind.Schedule => $"{trigger.Spec.Schedule}{(trigger.Spec.TimeZone is { } zone ? $" ({zone})" : "")}",
            TriggerKind.Artifact => trigger.Spec.Artifact!,
            TriggerKind.Alias => $"{trigger.Spec.Artifact}:{trigger.Spec.Alias}",
            TriggerKind.Check => trigger.Spec.Check!,
            _ => $"/api/v1/hooks/{trigger.Id}",
        },
        trigger.IsPaused,
        trigger.Changes,
        trigger.Spec.Kind == TriggerKind.Schedule ? trigger.Spec.Missed.ToString().ToLowerInvariant() : null,
        trigger.NextAt,
        trigger.LastAt,
        trigger.CreatedAt);

    public static Wire.JobInfo ToWire(this Job job) => new(
        job.Id,
        job.Pipeline,
        job.TriggerId,
        job.TriggerName,
        job.Cause,
        job.At,
        job.State.ToString().ToLowerInvariant(),
        job.RunId.Value,
        job.Changes,
        job.Attempt,
        job.Worker,
        job.State == JobState.Running ? job.LeaseUntil : null,
        job.CancelRequested,
        job.StartedAt,
        job.EndedAt,
        job.Message);
}
