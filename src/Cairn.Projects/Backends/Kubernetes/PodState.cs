using System.Globalization;
using System.Text.Json;

namespace Cairn.Projects.Backends.Kubernetes;

/// <summary>What a pod's status says of its first container.</summary>
/// <param name="Name">The pod.</param>
/// <param name="IsRunning">The command has begun.</param>
/// <param name="ExitCode">The command has ended so.</param>
/// <param name="HasFailed">The pod failed without a word of the command.</param>
/// <param name="Reason">Why, where the cluster says so.</param>
/// <param name="Waiting">Why it has not begun, where that is more than that it starts.</param>
internal sealed record PodState(string Name, bool IsRunning, int? ExitCode, bool HasFailed, string? Reason, string? Waiting)
{
    private static readonly string[] Usual = ["ContainerCreating", "PodInitializing"];

    /// <summary>For people, about the end.</summary>
    public string? EndRemark => Reason switch
    {
        "OOMKilled" => "The command needed more memory than it was given.",
        "Completed" or "Error" or null => null,
        _ => string.Create(CultureInfo.InvariantCulture, $"The cluster says: {Reason}."),
    };

    public static PodState Of(JsonElement pod)
    {
        var name = pod.GetProperty("metadata").GetProperty("name").GetString()!;
        var status = Part(pod, "status");
        var state = Part(First(Part(status, "containerStatuses")), "state");
        if (Part(state, "terminated") is { } terminated)
        {
            return new PodState(name, false, terminated.GetProperty("exitCode").GetInt32(), false, Text(terminated, "reason"), null);
        }

        var waiting = Part(state, "waiting");
        var why = Text(waiting, "reason") is { } reason && !Usual.Contains(reason) ? $"{reason} {Text(waiting, "message")}".Trim() : Unscheduled(status);
        return new PodState(name, Part(state, "running") is not null, null, Text(status, "phase") == "Failed", Text(status, "reason"), why);
    }

    /// <summary>Why a job failed, where it has no pod to tell.</summary>
    public static string? FailureOf(JsonElement job) => Condition(Part(job, "status"), "Failed", "True", "reason");

    private static string? Unscheduled(JsonElement? status) => Condition(status, "PodScheduled", "False", "message");

    private static string? Condition(JsonElement? status, string type, string value, string field)
    {
        if (Part(status, "conditions") is not { ValueKind: JsonValueKind.Array } conditions)
        {
            return null;
        }

        foreach (var condition in conditions.EnumerateArray())
        {
            if (Text(condition, "type") == type && Text(condition, "status") == value)
            {
                return Text(condition, field) ?? type;
            }
        }

        return null;
    }

    private static JsonElement? First(JsonElement? list) => list is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() > 0 ? array[0] : null;

    private static JsonElement? Part(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var part) && part.ValueKind != JsonValueKind.Null ? part : null;

    private static string? Text(JsonElement? element, string name) => Part(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
