using Cairn.Client.Wire;
using Cairn.Projects.Pipelines.Running;
using Cairn.Projects.Running;

namespace Cairn.Projects.Tests;

public sealed class OpenRunsTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Everything_below_a_run_is_closed_but_what_goes_on_by_itself()
    {
        var cancellation = TestContext.Current.CancellationToken;
        async Task<string> RunAsync(string? parent, string? tag = null, string value = "", string? status = null)
        {
            var run = await server.Client.CreateRunAsync(new CreateRunRequest(Experiment: "open", ParentId: parent, Tags: tag is null ? null : new Dictionary<string, string> { [tag] = value }), cancellation);
            if (status is not null)
            {
                await server.Client.UpdateRunAsync(run.Id, new RunUpdate(Status: status), cancellation);
            }

            return run.Id;
        }

        var root = await RunAsync(null);
        var child = await RunAsync(root);
        var finished = await RunAsync(root, status: "finished");
        var below = await RunAsync(finished);
        var detached = await RunAsync(root, "cairn.detached", "true");
        var job = await RunAsync(root, "mlflow.project.backend", "slurm");
        var ofJob = await RunAsync(job);
        var own = await RunAsync(root, RunnerMark.Tag, "machine 1 1");
        var takenUp = await RunAsync(root, RunnerMark.Tag, "machine 2 2");
        var ofTakenUp = await RunAsync(takenUp);
        await OpenRuns.CloseBelowAsync(server.Client, await server.Client.GetRunAsync(root, cancellation), "crashed", "machine 1 1", cancellation);
        async Task<string> StatusAsync(string id) => (await server.Client.GetRunAsync(id, cancellation)).Run.Status;
        Assert.Equal(
            ["running", "crashed", "finished", "crashed", "running", "running", "running", "crashed", "running", "running"],
            [await StatusAsync(root), await StatusAsync(child), await StatusAsync(finished), await StatusAsync(below), await StatusAsync(detached), await StatusAsync(job), await StatusAsync(ofJob), await StatusAsync(own), await StatusAsync(takenUp), await StatusAsync(ofTakenUp)]);
    }

    [Fact]
    public async Task Of_many_that_take_up_a_run_at_once_one_has_it_and_what_was_read_before_changes_it_no_more()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var run = await server.Client.CreateRunAsync(new CreateRunRequest(Experiment: "open", Tags: new Dictionary<string, string> { [RunnerMark.Tag] = "machine 1 1" }), cancellation);
        var read = await server.Client.GetRunAsync(run.Id, cancellation);
        Task<bool> TakeAsync(int number) => RunnerMark.TryUpdateAsync(server.Client, read, new RunUpdate(Tags: new Dictionary<string, string?> { [RunnerMark.Tag] = $"machine {number} 1" }), cancellation);
        var taken = await Task.WhenAll(Enumerable.Range(2, 16).Select(TakeAsync));
        Assert.Single(taken, isTaken => isTaken);

        // What closes the records of the first runner comes late.
        Assert.False(await RunnerMark.TryUpdateAsync(server.Client, read, new RunUpdate(Status: "crashed"), cancellation));
        var now = await server.Client.GetRunAsync(run.Id, cancellation);
        Assert.Equal(("running", $"machine {Array.IndexOf(taken, true) + 2} 1"), (now.Run.Status, now.Tags[RunnerMark.Tag]));
    }
}
