using Cairn.Cli.Output;
using Cairn.Client.Wire;
using Cairn.Projects;
using Cairn.Projects.Running;

namespace Cairn.Cli.Running;

/// <summary>
/// What <c>cairn run</c> shows: a head, the child's lines, an end. A run inside another one (a step of a pipeline) is
/// shorter, since its lines appear within those of its parent. All of it goes to standard error: standard output
/// belongs to the command.
/// </summary>
internal sealed class RunView(Terminal terminal, bool isNested, bool isQuiet)
{
    private const int MostVersions = 5;
    private readonly ConsoleRelay _relay = new(terminal, allToError: isQuiet);

    private Ink Ink => terminal.ErrorInk;

    /// <summary>What was tolerated in the project file, once.</summary>
    public void Notes(BoundEntryPoint bound)
    {
        foreach (var note in bound.Project.Notes.Select(note => note.ToString()).Concat(bound.Notes))
        {
            terminal.Say($"{Ink.Warn("note")} {Ink.Dim(note)}");
        }
    }

    /// <summary>What is being fetched or built before the run begins.</summary>
    public void Progress(string text) => terminal.Say(Ink.Dim($"  {TextWidth.Cut(TextWidth.Safe(text), (terminal.ErrorWidth ?? 240) - 3)}"));

    public void Begin(BoundEntryPoint bound, ProjectRun run)
    {
        if (isNested)
        {
            terminal.Say($"{Ink.Accent("▶")} {Ink.Bold(Title(bound))}{Values(bound)}");
            return;
        }

        terminal.Say($"{Ink.Accent("▶")} {Ink.Bold(Title(bound))}{Values(bound)}");
        terminal.Say(Ink.Dim($"  {run.Run.ExperimentName} / {run.Run.Name}   {Page(run.Url)}"));
    }

    public void Print(bool isError, ReadOnlySpan<byte> bytes) => _relay.Write(isError, bytes);

    public void Remark(string message) => _relay.Interrupt(() => terminal.Say($"{Ink.Warn("!")} {message}"));

    public void End(BoundEntryPoint bound, ProjectRun run, ProjectRunResult result, bool isHosted)
    {
        var time = Shown.Duration(result.Duration);
        var data = Data(result.Run);
        _relay.Interrupt(() =>
        {
            if (result.IsSuccess && isNested)
            {
                terminal.Say($"{Ink.Good("✔")} {Title(bound)}  {Ink.Dim(time)}{(data.Length > 0 ? $"  {data}" : "")}");
                return;
            }

            terminal.Say(result switch
            {
                { IsSuccess: true } => $"{Ink.Good("✔")} {Ink.Bold(Title(bound))}  finished in {time}{Odd(result.Run.Run.Status)}",
                { End: RunEnd.Cancelled } => $"{Ink.Bad("✘")} {Ink.Bold(Title(bound))}  stopped after {time}",
                { End: RunEnd.TimedOut } => $"{Ink.Bad("✘")} {Ink.Bold(Title(bound))}  ended after {time}: its time was up",
                _ => $"{Ink.Bad("✘")} {Ink.Bold(Title(bound))}  failed after {time}: {result.Exit}",
            });
            if (data.Length > 0)
            {
                terminal.Say($"  {data}");
            }

            if (!isNested)
            {
                terminal.Say(Ink.Dim(isHosted
                    ? $"  cairn runs show {run.Run.Id[..8]}   (or 'cairn server', then {run.Url.AbsolutePath})"
                    : $"  {Page(run.Url)}"));
            }
        });
    }

    /// <summary>"raw_data.csv:v0 → clean_data.csv:v0".</summary>
    private string Data(RunDetail run)
    {
        var (inputs, outputs) = (Versions(run.Inputs), Versions(run.Outputs));
        return (inputs.Length, outputs.Length) switch
        {
            (0, 0) => "",
            (_, 0) => $"{inputs} {Ink.Dim("→")}",
            (0, _) => $"{Ink.Dim("→")} {outputs}",
            _ => $"{inputs} {Ink.Dim("→")} {outputs}",
        };
    }

    private string Versions(IReadOnlyList<LineageUse> uses)
    {
        var names = uses.Select(use => $"{use.Version.Name}:{use.Version.Version}").Distinct().ToArray();
        var shown = string.Join(", ", names.Take(MostVersions).Select(name => Ink.Accent(TextWidth.Safe(name))));
        return names.Length > MostVersions ? $"{shown} and {names.Length - MostVersions} more" : shown;
    }

    private static string Title(BoundEntryPoint bound) =>
        TextWidth.Safe(bound.EntryPoint.Name == "main" ? bound.Project.Name : $"{bound.Project.Name} {bound.EntryPoint.Name}");

    private string Values(BoundEntryPoint bound)
    {
        if (bound.Values.Count == 0)
        {
            return "";
        }

        var text = TextWidth.Safe(string.Join("  ", bound.Values.Select(pair => $"{pair.Key}={SecretNames.Recorded(pair.Key, pair.Value)}")));
        var room = (terminal.ErrorWidth ?? 160) - TextWidth.Of(Title(bound)) - 6;
        return "  " + Ink.Dim(room > 20 ? TextWidth.Cut(text, room) : "");
    }

    private static string Page(Uri url) => url.AbsoluteUri;

    /// <summary>The command may have given its run another status than its exit code says.</summary>
    private static string Odd(string status) => status == "finished" ? "" : $" (the run says: {status})";
}
