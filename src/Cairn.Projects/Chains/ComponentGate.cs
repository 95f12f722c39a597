using System.Collections.Frozen;
using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Environments;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Running;

namespace Cairn.Projects.Chains;

/// <summary>
/// Stands before the command of every component that an entry point starts by <c>mlflow.run(...)</c>. Such a chain has no
/// declared graph; but what a component read and made last time is known from its artifact calls, so one whose code,
/// command, environment and inputs are unchanged, and whose outputs are still there, need not run.
/// </summary>
public sealed class ComponentGate(CairnClient client, EnvironmentStore environments)
{
    /// <summary>Tag of a component's run that was not carried out: the earlier run whose results hold.</summary>
    public const string SameTag = "cairn.step.same";

    /// <summary>Tag of a component's run: why it ran, or why not.</summary>
    public const string ReasonTag = "cairn.step.reason";

    private const string EntryPointTag = "mlflow.project.entryPoint";

    private readonly RunnerIdentity _identity = new();

    /// <summary>Decides; null where the run is no component's.</summary>
    /// <param name="runId">The run that MLflow's client made for it.</param>
    /// <param name="folder">Where its command runs.</param>
    /// <param name="command">The whole shell line.</param>
    /// <param name="isForced">Runs whatever is known.</param>
    /// <param name="cancellation">Ends the deciding.</param>
    public async Task<ComponentVerdict?> JudgeAsync(string runId, string folder, string command, bool isForced, CancellationToken cancellation)
    {
        var run = await client.GetRunAsync(runId, cancellation);
        if (run.Tags.GetValueOrDefault("mlflow.source.type") != "PROJECT" || run.Tags.GetValueOrDefault(EntryPointTag) is not { } entry)
        {
            return null;
        }

        var name = NameOf(run, entry);
        var (step, before, isPassedOn) = await ChainOrder.EnterAsync(client.Options.CacheFolder, folder, name, cancellation);
        var place = new StepFolder(folder, StepProducts.Of(client.Options.CacheFolder, folder), step, before, isPassedOn);
        var launchKey = await LaunchKey.RequestAsync(client, runId, cancellation);
        try
        {
            var (key, code) = await KeyAsync(place, entry, command, cancellation);
            var answer = isForced
                ? new CacheAnswer(null, "--no-cache")
                : await new StepCache(client, run.Run.ExperimentName).FindAsync(name, key, code, place, Text(run), "", cancellation);
            if (answer.Run is { } same && await new ComponentResults(client).HandOverAsync(same, run, cancellation) is var fault)
            {
                answer = fault is null ? answer : new CacheAnswer(null, fault);
            }

            await TellAsync(run, name, key, code, place, answer, cancellation);
            if (answer.Run is null)
            {
                await WatchDesk.BeginAsync(runId, folder, cancellation);
            }

            return new ComponentVerdict(name, answer.Run?.Run.Id, answer.Reason, step, launchKey);
        }
        catch (ProjectException fault)
        {
            return new ComponentVerdict(name, null, fault.Message, step, launchKey);
        }
    }

    /// <summary>Notes what the command wrote into its own folder, so that it is not taken for code the next time.</summary>
    /// <param name="runId">The component's run.</param>
    /// <param name="folder">Where its command ran.</param>
    /// <param name="step">What the verdict called it.</param>
    /// <param name="cancellation">Ends the noting.</param>
    public async Task NoteEndAsync(string runId, string folder, string step, CancellationToken cancellation)
    {
        var unopened = await WatchDesk.EndAsync(runId, cancellation);
        var run = await client.GetRunAsync(runId, cancellation);
        var notes = new FolderNotes(client);
        var code = CodeDigest.OfListing(await notes.ReadAsync(runId, StepTags.CodeFile, cancellation));
        var left = run.Tags.ContainsKey(StepTags.Left) ? CodeDigest.FilesOfListing(await notes.ReadAsync(runId, StepTags.LeftFile, cancellation)) : [];
        var place = new StepFolder(folder, StepProducts.Of(client.Options.CacheFolder, folder), step, FrozenSet<string>.Empty, false);
        await notes.EndAsync(runId, run.Tags.GetValueOrDefault(StepTags.Key, ""), place, code, left, unopened, cancellation);
    }

    private static string NameOf(RunDetail run, string entry)
    {
        var source = run.Tags.GetValueOrDefault("mlflow.source.name", "").TrimEnd('/');
        var name = source[(source.LastIndexOfAny(['/', '#', '\\']) + 1)..];
        return entry == "main" ? name : $"{name}:{entry}";
    }

    private async Task<(StepKey Key, CodeDigest Code)> KeyAsync(StepFolder place, string entry, string command, CancellationToken cancellation)
    {
        var project = ProjectFile.OpenFor(place.Path, entry);
        var entryPoint = project.EntryPoint(entry);
        var code = CodeDigest.Of(project, entryPoint, [], place.Products);
        var key = new StepKey(
            code.Hash,
            StepKey.HashOf(entryPoint.Command),
            StepKey.HashOf(await new CommandContent(client, place).OfAsync(command, cancellation)),
            StepKey.HashOf(""),
            StepKey.HashOf(await EnvironmentAsync(project, entryPoint, command, cancellation)),
            StepKey.HashOf($"{RunnerIdentity.Machine} {StepKey.Format}"));
        return (key, code);
    }

    private async Task<string> EnvironmentAsync(Project project, EntryPoint entryPoint, string command, CancellationToken cancellation)
    {
        var words = ShellWords.Split(command);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == "activate" && i > 0 && words[i - 1] == "conda" && i + 1 < words.Count && new CondaNames(environments).Find(words[i + 1]) is { } stored)
            {
                return $"conda\n{stored.Lock}";
            }

            // MLflow's own virtual environments are entered by the path of their activate script.
            if (words[i].EndsWith("/bin/activate", StringComparison.Ordinal)
                && await Interpreter.AskAsync(Path.Combine(Path.GetDirectoryName(words[i])!, "python"), [], cancellation) is { } inner)
            {
                return $"virtualenv {inner.Python.Version}\n{inner.Lock}";
            }
        }

        return await _identity.OfAsync(project, entryPoint, null);
    }

    private async Task TellAsync(RunDetail run, string name, StepKey key, CodeDigest code, StepFolder place, CacheAnswer answer, CancellationToken cancellation)
    {
        var tags = new Dictionary<string, string?>(StringComparer.Ordinal) { [StepTags.Name] = name, [ReasonTag] = answer.Reason };
        if (answer.Run is { } same)
        {
            tags[SameTag] = same.Run.Id;
        }
        else
        {
            // Only what really runs is found by its key.
            (tags[StepTags.Key], tags[StepTags.Parts]) = (key.Hash, key.Parts);
            await new FolderNotes(client).BeginAsync(run.Run.Id, place, code, cancellation);
        }

        await client.UpdateRunAsync(run.Run.Id, new RunUpdate(Tags: tags), cancellation);
    }

    private static Dictionary<string, string> Text(RunDetail run) =>
        run.Params.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
}
