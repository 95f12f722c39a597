using System.Text;
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
        var launchKey = await LaunchKey.RequestAsync(client, runId, cancellation);
        try
        {
            var (key, code) = await KeyAsync(folder, entry, command, cancellation);
            var answer = isForced
                ? new CacheAnswer(null, "--no-cache")
                : await new StepCache(client, run.Run.ExperimentName).FindAsync(name, key, code, Text(run), "", cancellation);
            if (answer.Run is { } same && await new ComponentResults(client).HandOverAsync(same, run, cancellation) is var fault)
            {
                answer = fault is null ? answer : new CacheAnswer(null, fault);
            }

            await TellAsync(run, name, key, code, answer, cancellation);
            return new ComponentVerdict(name, answer.Run?.Run.Id, answer.Reason, launchKey);
        }
        catch (ProjectException fault)
        {
            return new ComponentVerdict(name, null, fault.Message, launchKey);
        }
    }

    /// <summary>Notes what the command wrote into its own folder, so that it is not taken for code the next time.</summary>
    public async Task NoteEndAsync(string runId, string folder, CancellationToken cancellation)
    {
        await using var stream = await client.OpenRunFileAsync(runId, StepTags.CodeFile, cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var before = CodeDigest.OfListing(await reader.ReadToEndAsync(cancellation));
        var entry = (await client.GetRunAsync(runId, cancellation)).Tags.GetValueOrDefault(EntryPointTag, "main");
        StepProducts.Of(client.Options.CacheFolder, folder).Note(folder, before);
        OwnProducts(folder, entry).Note(folder, before);
    }

    /// <summary>What one entry point wrote: for another one of the same folder it is input.</summary>
    private StepProducts OwnProducts(string folder, string entry) => StepProducts.Of(client.Options.CacheFolder, $"{folder}\n{entry}");

    private static string NameOf(RunDetail run, string entry)
    {
        var source = run.Tags.GetValueOrDefault("mlflow.source.name", "").TrimEnd('/');
        var name = source[(source.LastIndexOfAny(['/', '#', '\\']) + 1)..];
        return entry == "main" ? name : $"{name}:{entry}";
    }

    private async Task<(StepKey Key, CodeDigest Code)> KeyAsync(string folder, string entry, string command, CancellationToken cancellation)
    {
        var project = ProjectFile.OpenFor(folder, entry);
        var entryPoint = project.EntryPoint(entry);
        var code = CodeDigest.Of(project, entryPoint, [], StepProducts.Of(client.Options.CacheFolder, project.Folder));
        var key = new StepKey(
            code.Hash,
            StepKey.HashOf(entryPoint.Command),
            StepKey.HashOf(await new CommandContent(client, project.Folder, OwnProducts(project.Folder, entry)).OfAsync(command, cancellation)),
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

    private async Task TellAsync(RunDetail run, string name, StepKey key, CodeDigest code, CacheAnswer answer, CancellationToken cancellation)
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
            await client.PutRunFileAsync(run.Run.Id, StepTags.CodeFile, Encoding.UTF8.GetBytes(code.Listing), cancellation: cancellation);
        }

        await client.UpdateRunAsync(run.Run.Id, new RunUpdate(Tags: tags), cancellation);
    }

    private static Dictionary<string, string> Text(RunDetail run) =>
        run.Params.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
}
