using System.Net;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests;

/// <summary>What W&amp;B's client tells beside metrics, read through the native API.</summary>
public sealed class MachineTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Samples_of_the_machine_become_series()
    {
        var run = await server.CreateRunAsync("machine");
        using var sent = await server.PostAsync(
            $"/files/cairn/machine/{run.Id}/file_stream",
            """
            {"files":{"wandb-events.jsonl":{"offset":0,"content":[
              "{\"system.cpu\":12.5,\"system.gpu.0.memory\":70,\"_timestamp\":1700000000.25,\"_runtime\":1}",
              "{\"system.cpu\":80,\"note\":\"x\",\"_timestamp\":1700000015.5,\"_runtime\":16}"]}}}
            """);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        var load = (await server.GetAsync<SeriesList>($"/api/v1/runs/{run.Id}/load")).Series;
        Assert.Equal(["cpu", "gpu.0.memory"], load.Select(series => series.Key));
        Assert.Equal([12.5, 80], load[0].Values);
        Assert.Equal([1700000000250, 1700000015500], load[0].Times);
        Assert.Equal([70], load[1].Values);
    }

    [Fact]
    public async Task Alerts_are_told_newest_first_and_a_run_without_has_none()
    {
        var run = await server.CreateRunAsync("machine");
        Assert.Empty((await server.GetAsync<AlertList>($"/api/v1/runs/{run.Id}/alerts")).Alerts);
        foreach (var (title, severity) in new[] { ("loss is high", "WARN"), ("loss is NaN", "ERROR") })
        {
            using var told = await server.PostAsync(
                "/graphql",
                $$$"""
                {"query":"mutation($i: RunAlertInput!){notifyScriptableRunAlert(input:$i){success}}",
                 "variables":{"i":{"entityName":"cairn","projectName":"machine","runName":"{{{run.Id}}}","title":"{{{title}}}","text":"at epoch 3","severity":"{{{severity}}}"}}}
                """);
            Assert.DoesNotContain("errors", await told.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        var alerts = (await server.GetAsync<AlertList>($"/api/v1/runs/{run.Id}/alerts")).Alerts;
        Assert.Equal([("ERROR", "loss is NaN"), ("WARN", "loss is high")], alerts.Select(alert => (alert.Severity, alert.Title)));
        using var unknown = await server.Http.GetAsync(new Uri($"/api/v1/runs/{new string('0', 32)}/alerts", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }
}
