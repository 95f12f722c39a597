using Cairn.Core.Runs;

namespace Cairn.Core.LoggedModels;

/// <summary>The rules of logged models: how they are named, made and changed.</summary>
public sealed class LoggedModelCatalog(ILoggedModelStore store, IRunStore runs, TimeProvider clock)
{
    private static readonly System.Buffers.SearchValues<char> NotInNames = System.Buffers.SearchValues.Create("/:.%\"'");

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<LoggedModel> CreateAsync(NewLoggedModel model, CancellationToken cancellationToken)
    {
        CheckName(model.Name);
        Check("params", model.Params);
        Check("tags", model.Tags);
        var experiment = await runs.FindExperimentAsync(model.ExperimentId, cancellationToken)
            ?? throw CairnException.NotFound($"No Experiment with id={model.ExperimentId} exists");
        if (experiment.Lifecycle != Lifecycle.Active)
        {
            throw new CairnException(
                ErrorCode.FailedPrecondition,
                $"The experiment {experiment.Id} must be in the 'active' state. Current state is deleted.");
        }

        var now = Now;
        var made = new LoggedModel(
            $"m-{Guid.NewGuid():N}",
            model.ExperimentId,
            string.IsNullOrEmpty(model.Name) ? RunNames.Make() : model.Name,
            model.ModelType,
            model.SourceRunId,
            LoggedModelStatus.Pending,
            now,
            now,
            model.Params,
            model.Tags,
            Metrics: []);
        await store.CreateAsync(made, cancellationToken);
        return made;
    }

    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>, also for a deleted one.</exception>
    public async Task<LoggedModel> GetAsync(string id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) ?? throw Missing(id);

    public Task UpdateAsync(string id, LoggedModelChange change, CancellationToken cancellationToken)
    {
        Check("params", change.Params ?? []);
        Check("tags", change.Tags ?? []);
        return store.UpdateAsync(id, change, Now, cancellationToken);
    }

    /// <summary>Refuses ids of models that are not there, before anything is written that speaks of them.</summary>
    public async Task RequireAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count > 0 && await store.FindMissingAsync(ids, cancellationToken) is [var missing, ..])
        {
            throw Missing(missing);
        }
    }

    public Task<IReadOnlyList<LoggedModel>> SearchAsync(LoggedModelQuery query, CancellationToken cancellationToken) =>
        store.SearchAsync(query, cancellationToken);

    public static CairnException Missing(string id) => CairnException.NotFound($"Logged model with ID '{id}' not found.");

    private static void CheckName(string? name)
    {
        if (name is null)
        {
            return;
        }

        if (name.Length > RunRules.NameLength)
        {
            throw CairnException.Invalid("name", $"'name' exceeds the maximum length of {RunRules.NameLength} characters");
        }

        if (name.AsSpan().ContainsAny(NotInNames) || name.AsSpan().ContainsAnyInRange('\0', '\u001f') || !UnicodeText.IsWellFormed(name))
        {
            throw CairnException.Invalid(
                "name",
                $"Invalid model name ('{name}') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '\"', \"'\")");
        }
    }

    private static void Check(string field, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        foreach (var (key, value) in pairs)
        {
            if (key.Length is 0 or > RunRules.KeyLength)
            {
                throw CairnException.Invalid(field, $"'{field}': a key has 1 to {RunRules.KeyLength} characters, not {key.Length}.");
            }

            if (value.Length > RunRules.ValueLength)
            {
                throw CairnException.Invalid(field, $"'{field}': the value of '{key}' exceeds the maximum length of {RunRules.ValueLength} characters");
            }
        }
    }
}
