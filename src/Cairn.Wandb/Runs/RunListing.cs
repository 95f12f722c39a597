using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Projects;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Runs;

/// <summary>A page of runs, which also knows how many there are of them all.</summary>
internal sealed record RunPage(Page<RunNode> Page, Func<ValueTask<int>> CountAsync);

/// <summary>
/// <c>runs(filters, order)</c>. Without a filter, by time or by what was measured, the store pages. Else the store finds the
/// runs that the filter may let through, and those are looked at one by one.
/// </summary>
internal static class RunListing
{
    private const int LargestPage = 1000;
    private const int Chunk = 2000;

    public static async ValueTask<RunPage> ListAsync(ProjectNode project, FieldCall call)
    {
        var offset = Cursor.Offset(call.Arguments.Text("after"));
        var first = (int)Math.Clamp(call.Arguments.Number("first") ?? 50, 1, LargestPage);
        var filter = RunFilter.Parse(call.Arguments.Text("filters"));
        var order = RunOrder.Parse(call.Arguments.Text("order"));
        var services = call.Request.Services;
        if (filter.IsEmpty && await order.StoredAsync(key => IsMeasuredAsync(project, key, call)) is { } stored)
        {
            var page = await services.Runs.SearchRunsAsync(Query(project, stored, first + 1, offset), call.CancellationToken);
            var nodes = page.Take(first).Select(snapshot => new RunNode(project, snapshot.Run, services, snapshot)).ToList();
            return new RunPage(new Page<RunNode>(nodes, offset, page.Count > first), async () => await services.Runs.CountRunsAsync(project.Experiment.Id, call.CancellationToken));
        }

        var found = order.Sort(await MatchAsync(project, filter, call));
        var wanted = found.Skip(offset).Take(first).Select(snapshot => new RunNode(project, snapshot.Run, services, snapshot)).ToList();
        return new RunPage(new Page<RunNode>(wanted, offset, found.Count > offset + first), () => ValueTask.FromResult(found.Count));
    }

    public static async ValueTask<int> CountAsync(ProjectNode project, FieldCall call)
    {
        var filter = RunFilter.Parse(call.Arguments.Text("filters"));
        return filter.IsEmpty
            ? await call.Request.Services.Runs.CountRunsAsync(project.Experiment.Id, call.CancellationToken)
            : (await MatchAsync(project, filter, call)).Count;
    }

    private static async ValueTask<List<RunSnapshot>> MatchAsync(ProjectNode project, RunFilter filter, FieldCall call)
    {
        var found = new List<RunSnapshot>();
        var where = await filter.NarrowAsync(key => IsMeasuredAsync(project, key, call));
        for (var offset = 0; ; offset += Chunk)
        {
            var chunk = await call.Request.Services.Runs.SearchRunsAsync(Query(project, RunOrder.OldestFirst, Chunk, offset, where), call.CancellationToken);
            found.AddRange(chunk.Where(filter.Matches));
            if (chunk.Count < Chunk)
            {
                return found;
            }
        }
    }

    // What was said in place of a measured value, the store's order does not know.
    private static async ValueTask<bool> IsMeasuredAsync(ProjectNode project, string key, FieldCall call) =>
        !await call.Request.Services.Runs.HasSummaryAsync(project.Experiment.Id, key, call.CancellationToken);

    private static RunQuery Query(ProjectNode project, Ordering order, int limit, int offset, Condition? where = null) =>
        new([project.Experiment.Id], LifecycleFilter.Active, where, [order], limit, offset);
}
