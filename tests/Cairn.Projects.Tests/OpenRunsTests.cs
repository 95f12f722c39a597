using Cairn.Client.Wire;
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
        await OpenRuns.CloseBelowAsync(server.Client, await server.Client.GetRunAsync(root, cancellation), "crashed", cancellation);
        async Task<string> StatusAsync(string id) => (await server.Client.GetRunAsync(id, cancellation)).Run.Status;
        Assert.Equal(
            ["running", "crashed", "finished", "crashed", "running", "running", "running"],
            [await StatusAsync(root), await StatusAsync(child), await StatusAsync(finished), await StatusAsync(below), await StatusAsync(detached), await StatusAsync(job), await StatusAsync(ofJob)]);
    }
}
