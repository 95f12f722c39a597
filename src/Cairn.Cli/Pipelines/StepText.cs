using Cairn.Cli.Output;
using Cairn.Projects.Pipelines.Running;

namespace Cairn.Cli.Pipelines;

/// <summary>A step in one line.</summary>
internal static class StepText
{
    public static string Of(StepReport step, Ink ink, int nameWidth, string mark)
    {
        var name = step.Name.PadRight(nameWidth);
        var time = step.Duration > TimeSpan.Zero && step.State is not (StepState.Cached or StepState.Skipped) ? Shown.Duration(step.Duration) : "";
        var outputs = step.Outputs.Count > 0 ? $"{ink.Dim("→")} {string.Join(", ", step.Outputs.Take(3).Select(ink.Accent))}{(step.Outputs.Count > 3 ? " …" : "")}" : "";
        var reason = TextWidth.Safe(step.Reason?.Split('\n')[0] ?? "");
        var words = step.State switch
        {
            StepState.Waiting => ink.Dim(reason),
            StepState.Preparing => ink.Dim(reason.Length > 0 ? reason : "looking up"),
            StepState.Running => $"{ink.Dim(time.PadLeft(7))}  {ink.Dim(reason)}",
            StepState.Cached => $"{ink.Accent(" cached")}  {ink.Dim(reason)}",
            StepState.Succeeded => $"{time,7}  {ink.Dim(reason)}",
            StepState.Failed => $"{ink.Bad(time.PadLeft(7))}  {ink.Bad(reason)}",
            _ => $"{"",7}  {ink.Dim(Words(step.State.ToString().ToLowerInvariant(), reason))}",
        };
        return $"  {mark} {(step.State is StepState.Waiting or StepState.Skipped ? ink.Dim(name) : ink.Bold(name))}  {words}{(outputs.Length > 0 ? "  " + outputs : "")}";
    }

    private static string Words(string state, string reason) => reason.Length == 0 || reason == state ? state : $"{state}: {reason}";

    public static string Mark(StepState state, Ink ink) => state switch
    {
        StepState.Succeeded => ink.Good("✔"),
        StepState.Cached => ink.Accent("●"),
        StepState.Failed => ink.Bad("✘"),
        StepState.Stopped => ink.Warn("■"),
        StepState.Skipped => ink.Dim("–"),
        StepState.Running or StepState.Preparing => ink.Accent("▶"),
        _ => ink.Dim("·"),
    };

    /// <summary>"plan" instead of "waiting" for what would run.</summary>
    public static string Plan(StepReport step, Ink ink, int nameWidth) => step.State == StepState.Waiting
        ? $"  {ink.Warn("▶")} {ink.Bold(step.Name.PadRight(nameWidth))}  {ink.Warn("    run")}  {ink.Dim(TextWidth.Safe(step.Reason ?? ""))}"
        : Of(step, ink, nameWidth, Mark(step.State, ink));
}
