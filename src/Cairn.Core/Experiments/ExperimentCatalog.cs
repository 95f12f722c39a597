using Cairn.Core.Runs;
using Cairn.Core.Search;

namespace Cairn.Core.Experiments;

/// <summary>Experiments by name and id: the rules for naming, finding and binning them.</summary>
/// <param name="store">Remembers them.</param>
/// <param name="journal">Is told when runs go to the bin with their experiment.</param>
/// <param name="clock">Time.</param>
/// <param name="artifactRoot">Where the files of experiments go that name no place of their own; null = the server's own store.</param>
/// <param name="mindsDeleted">Names of deleted experiments stay taken, as they do with MLflow.</param>
public sealed class ExperimentCatalog(IRunStore store, RunJournal journal, TimeProvider clock, string? artifactRoot = null, bool mindsDeleted = false)
{
    public const int NameLength = 500;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<Experiment> CreateAsync(NewExperiment experiment, CancellationToken cancellationToken)
    {
        CheckName(experiment.Name);
        return store.CreateExperimentAsync(experiment with { ArtifactRoot = artifactRoot, MindsDeleted = mindsDeleted }, Now, cancellationToken);
    }

    /// <summary>The active experiment of that name, made if it is missing. Two callers at once get the same one.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.FailedPrecondition"/> where the name belongs to a deleted experiment, and the catalog minds those.</exception>
    public async Task<Experiment> EnsureAsync(NewExperiment experiment, CancellationToken cancellationToken)
    {
        CheckName(experiment.Name);
        var found = await store.FindExperimentAsync(experiment.Name, cancellationToken);
        if (found is null || (found.Lifecycle == Lifecycle.Deleted && !mindsDeleted))
        {
            try
            {
                return await store.CreateExperimentAsync(experiment with { ArtifactRoot = artifactRoot, MindsDeleted = mindsDeleted }, Now, cancellationToken);
            }
            catch (CairnException race) when (race.Code == ErrorCode.AlreadyExists)
            {
                found = await store.FindExperimentAsync(experiment.Name, cancellationToken);
            }
        }

        return found is { Lifecycle: Lifecycle.Active }
            ? found
            : throw new CairnException(
                ErrorCode.FailedPrecondition,
                $"The experiment '{experiment.Name}' is deleted. Restore it, or use another name.");
    }

    /// <summary>
    /// The experiment that another store knows as this one: the one with its number and name, else the active one of its
    /// name, else a new one, with its number where that is free.
    /// </summary>
    public async Task<Experiment> AdoptAsync(NewExperiment experiment, CancellationToken cancellationToken)
    {
        CheckName(experiment.Name);
        if (experiment.Id is { } id && await store.FindExperimentAsync(id, cancellationToken) is { } same && same.Name == experiment.Name)
        {
            var labels = (experiment.Tags ?? new Dictionary<string, string>()).Where(tag => same.Tags.GetValueOrDefault(tag.Key) != tag.Value).ToList();
            return labels.Count == 0
                ? same
                : await UpdateAsync(id, new ExperimentChange(Tags: labels.ToDictionary(tag => tag.Key, tag => (string?)tag.Value)), cancellationToken);
        }

        return await EnsureAsync(experiment, cancellationToken);
    }

    /// <summary>
    /// The experiment that another store has in its bin, active here for as long as its runs arrive, and until then under a
    /// name that nobody else has: its own may be that of another one by now.
    /// </summary>
    public async Task<Experiment> AdoptDeletedAsync(NewExperiment experiment, CancellationToken cancellationToken)
    {
        CheckName(experiment.Name);
        var passing = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{experiment.Name[..Math.Min(experiment.Name.Length, NameLength - 40)]} (deleted, {experiment.Id}, {experiment.CreatedAt})");
        var known = (await store.ListExperimentsAsync(LifecycleFilter.All, cancellationToken)).Select(one => one.Experiment)
            .Where(one => one.Name == passing || (one.Name == experiment.Name && one.Lifecycle == Lifecycle.Deleted && one.CreatedAt == experiment.CreatedAt))
            .OrderBy(one => one.Id == experiment.Id ? 0 : 1)
            .FirstOrDefault();
        return known ?? await EnsureAsync(experiment with { Name = passing }, cancellationToken);
    }

    /// <summary>Ends that: the experiment goes to the bin, as of <paramref name="at"/> and under its own name. One that is there stays as it is.</summary>
    public async Task DeleteAdoptedAsync(ExperimentId id, string name, long at, CancellationToken cancellationToken)
    {
        CheckName(name);
        if ((await GetAsync(id, cancellationToken)).Lifecycle == Lifecycle.Active)
        {
            await store.UpdateExperimentAsync(id, new ExperimentChange(name, Lifecycle.Deleted), at, cancellationToken);
            journal.Forget(id);
        }
    }

    /// <summary>An experiment by id where <paramref name="text"/> is a number that exists, else by name.</summary>
    public async Task<Experiment> GetAsync(string text, CancellationToken cancellationToken)
    {
        var found = ExperimentId.TryParse(text, out var id) ? await store.FindExperimentAsync(id, cancellationToken) : null;
        return found
            ?? await store.FindExperimentAsync(text, cancellationToken)
            ?? throw CairnException.NotFound($"There is no experiment '{text}'.");
    }

    public async Task<Experiment> GetAsync(ExperimentId id, CancellationToken cancellationToken) =>
        await store.FindExperimentAsync(id, cancellationToken)
        ?? throw CairnException.NotFound($"No Experiment with id={id} exists");

    public async Task<Experiment> UpdateAsync(ExperimentId id, ExperimentChange change, CancellationToken cancellationToken)
    {
        if (change.Name is not null)
        {
            CheckName(change.Name);
        }

        var changed = await store.UpdateExperimentAsync(id, change with { MindsDeleted = mindsDeleted }, Now, cancellationToken);
        if (change.Lifecycle is not null)
        {
            journal.Forget(id);
        }

        return changed;
    }

    /// <summary>
    /// Gives the experiment that always exists its place below the artifact root: it is there before a root is chosen. Not
    /// any more when it has runs, whose files lie where they lie.
    /// </summary>
    public async Task PlaceDefaultAsync(CancellationToken cancellationToken)
    {
        if (artifactRoot is null
            || await store.FindExperimentAsync(ExperimentId.Default, cancellationToken) is not { ArtifactLocation: null }
            || (await store.SearchRunsAsync(new RunQuery([ExperimentId.Default], LifecycleFilter.All, Where: null, OrderBy: [], Limit: 1, Offset: 0), cancellationToken)).Count > 0)
        {
            return;
        }

        var place = ArtifactPlace.Append(artifactRoot, ExperimentId.Default.ToString());
        await store.UpdateExperimentAsync(ExperimentId.Default, new ExperimentChange(ArtifactLocation: place), Now, cancellationToken);
    }

    private static void CheckName(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw CairnException.Invalid("name", "'name' is empty. Give the experiment a name.");
        }

        if (name.Length > NameLength)
        {
            throw CairnException.Invalid("name", $"'name' exceeds the maximum length of {NameLength} characters (it has {name.Length}).");
        }

        if (name.AsSpan().ContainsAnyInRange('\0', '\u001f') || !UnicodeText.IsWellFormed(name))
        {
            throw CairnException.Invalid("name", "'name' contains a control character or half of a surrogate pair. Use a single line of text.");
        }
    }
}
