using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>The same change to many runs, and what takes it back.</summary>
internal static class BulkEndpoints
{
    /// <summary>Runs in one request, and writes under way at once: the journal commits them together.</summary>
    private const int MostRuns = 100_000;
    private const int AtOnce = 200;

    public static async Task Change(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.BulkRequest>();
        var plans = new List<(RunUpdate Update, Run Run, IReadOnlyDictionary<string, string> Tags)>();
        for (var i = 0; i < request.Changes.Count; i++)
        {
            var change = Bind.Given(request.Changes[i], "changes", i);
            foreach (var (run, tags) in await FindAsync(http, change, $"changes[{i}]"))
            {
                plans.AddRange(Plan(change, run, tags, $"changes[{i}]").Select(update => (update, run, tags)));
            }
        }

        var refused = new List<Wire.BulkRefusal>();
        var done = new List<(RunUpdate Update, Run Run, IReadOnlyDictionary<string, string> Tags)>();
        var journal = http.RequestServices.GetRequiredService<RunJournal>();
        foreach (var portion in plans.Chunk(AtOnce))
        {
            var writes = portion.Select(plan => journal.ApplyAsync(plan.Update, CancellationToken.None)).ToList();
            for (var i = 0; i < writes.Count; i++)
            {
                try
                {
                    await writes[i];
                    done.Add(portion[i]);
                }
                catch (CairnException reason)
                {
                    refused.Add(new Wire.BulkRefusal(portion[i].Run.Id.Value, reason.Message));
                }
            }
        }

        await http.WriteJsonAsync(new Wire.BulkAnswer(done.DistinctBy(plan => plan.Run.Id).Count(), refused, Undo(done)));
    }

    private static async Task<List<(Run Run, IReadOnlyDictionary<string, string> Tags)>> FindAsync(HttpContext http, Wire.BulkChange change, string field)
    {
        if (change.RunIds is null == change.Where is null)
        {
            throw CairnException.Invalid(field, $"'{field}' must have either 'runIds' or 'where'.");
        }

        if (change.State is null && change.Tags is not { Count: > 0 })
        {
            throw CairnException.Invalid(field, $"'{field}' changes nothing: give 'state' or 'tags'.");
        }

        var store = http.RequestServices.GetRequiredService<IRunStore>();
        if (change.RunIds is { } ids)
        {
            var found = new List<(Run, IReadOnlyDictionary<string, string>)>();
            for (var i = 0; i < ids.Count; i++)
            {
                var id = RunId.Parse(Bind.Given(ids[i], $"{field}.runIds", i));
                var run = await store.FindRunAsync(id, http.RequestAborted) ?? throw CairnException.NotFound($"Run with id={id} not found");
                found.Add((run.Run, run.Tags));
            }

            return found;
        }

        var where = change.Where!;
        var experiment = await http.RequestServices.GetRequiredService<ExperimentCatalog>().GetAsync(where.Experiment, http.RequestAborted);
        var query = new RunQuery(
            [experiment.Id],
            Bind.State(where.State),
            FilterParser.ParseRunFilter(where.Filter, SearchDialect.Extended),
            [],
            MostRuns + 1,
            0);
        var tags = change.Tags?.Keys.ToList() ?? [];
        var columns = await store.ReadColumnsAsync(query, [.. tags.Select(Field.Tag)], http.RequestAborted);
        if (columns.Runs.Count > MostRuns)
        {
            throw CairnException.Invalid($"{field}.where", $"The search finds more than {MostRuns} runs. Narrow it down.");
        }

        return [.. columns.Runs.Select((run, row) => (run, (IReadOnlyDictionary<string, string>)Tags(columns, tags, row)))];
    }

    private static Dictionary<string, string> Tags(RunColumns columns, List<string> keys, int row)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < keys.Count; i++)
        {
            if (columns.Columns[i].Texts![row] is { } value)
            {
                tags.Add(keys[i], value);
            }
        }

        return tags;
    }

    /// <summary>What is to be written: nothing where the run is so already. A deleted run takes no tags, so those go while it is not.</summary>
    private static IEnumerable<RunUpdate> Plan(Wire.BulkChange change, Run run, IReadOnlyDictionary<string, string> tags, string field)
    {
        Lifecycle? wanted = change.State switch
        {
            null => null,
            "active" => Lifecycle.Active,
            "deleted" => Lifecycle.Deleted,
            _ => throw CairnException.Invalid($"{field}.state", $"'{field}.state' must be 'active' or 'deleted'."),
        };
        var changes = (change.Tags ?? new Dictionary<string, string?>()).Where(tag => tags.GetValueOrDefault(tag.Key) != tag.Value)
            .Select(tag => new TagChange(tag.Key, tag.Value)).ToList();
        var lifecycle = wanted is { } to && to != run.Lifecycle ? new RunUpdate(run.Id) { Lifecycle = to } : null;
        var tagging = changes.Count > 0 ? new RunUpdate(run.Id) { Tags = changes } : null;
        return (wanted == Lifecycle.Deleted ? [tagging, lifecycle] : new[] { lifecycle, tagging }).OfType<RunUpdate>();
    }

    /// <summary>Runs that were alike before are taken back together.</summary>
    private static List<Wire.BulkChange> Undo(List<(RunUpdate Update, Run Run, IReadOnlyDictionary<string, string> Tags)> done)
    {
        var changes = new Dictionary<string, (Wire.BulkChange Change, List<string> Ids)>(StringComparer.Ordinal);
        foreach (var (update, run, tags) in Enumerable.Reverse(done))
        {
            var state = update.Lifecycle is null ? null : run.Lifecycle.ToWire();
            var before = update.Tags.Count == 0 ? null : update.Tags.ToDictionary(tag => tag.Key, tag => tags.GetValueOrDefault(tag.Key), StringComparer.Ordinal);
            var key = $"{state}\n{string.Join('\n', before?.Select(tag => $"{tag.Key}\u001f{tag.Value ?? "\u001e"}") ?? [])}";
            if (!changes.TryGetValue(key, out var same))
            {
                var ids = new List<string>();
                changes.Add(key, same = (new Wire.BulkChange(ids, null, state, before), ids));
            }

            same.Ids.Add(run.Id.Value);
        }

        return [.. changes.Values.Select(same => same.Change)];
    }
}
