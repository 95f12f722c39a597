namespace Cairn.Server.Tests.Access;

/// <summary>A server on which nothing is seen that was not given.</summary>
public sealed class ClosedServerTests(ClosedServer server) : IClassFixture<ClosedServer>
{
    [Fact]
    public async Task What_was_not_given_is_neither_listed_nor_found()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        (await server.Bob.GetAsync($"/api/2.0/mlflow/experiments/get?experiment_id={hers.Experiment}")).Expect(403);
        (await server.Bob.GetAsync("/api/2.0/mlflow/experiments/get?experiment_id=999999")).Expect(403);
        (await server.Bob.GetAsync($"/api/2.0/mlflow/runs/get?run_id={hers.Run}")).Expect(403);
        (await server.Bob.GetAsync($"/api/2.0/mlflow/runs/get?run_id={Guid.NewGuid():N}")).Expect(403);
        (await server.Bob.GetAsync($"/api/2.0/mlflow/registered-models/get?name={hers.Model}")).Expect(403);
        var all = (await server.Bob.PostAsync("/api/2.0/mlflow/experiments/search", """{"max_results":1000}""")).Expect(200);
        Assert.DoesNotContain(hers.ExperimentName, all.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Default\"", all.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(hers.ExperimentName, (await server.Bob.GetAsync("/api/v1/home")).Expect(200).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Belongings.Secret, (await server.Bob.PostAsync("/api/2.0/mlflow/runs/search", $$"""{"experiment_ids":["{{hers.Experiment}}"]}""")).Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_makes_is_ones_own_at_every_door_and_may_be_given()
    {
        var his = await Belongings.MakeAsync(server.Bob);
        (await server.Bob.GetAsync($"/api/v1/runs/{his.Run}")).Expect(200);
        (await server.Bob.GetAsync($"/api/v1/artifacts/{his.Experiment}/{his.Artifact}/versions/v0/files/a.txt")).Expect(200);
        (await server.Carol.GetAsync($"/api/v1/runs/{his.Run}")).Expect(403);
        (await server.Bob.PostAsync("/api/2.0/mlflow/experiments/permissions/create", $$"""{"experiment_id":"{{his.Experiment}}","username":"carol","permission":"READ"}""")).Expect(200);
        (await server.Bob.PostAsync("/api/2.0/mlflow/experiments/permissions/create", $$"""{"experiment_id":"{{his.Experiment}}","username":"carol","permission":"READ"}""")).Expect(400);
        (await server.Carol.GetAsync($"/api/v1/runs/{his.Run}")).Expect(200);
        (await server.Carol.PostAsync("/api/2.0/mlflow/runs/set-tag", $$"""{"run_id":"{{his.Run}}","key":"k","value":"v"}""")).Expect(403);
        (await server.Bob.SendAsync("DELETE", "/api/2.0/mlflow/experiments/permissions/delete", $$"""{"experiment_id":"{{his.Experiment}}","username":"carol"}""")).Expect(200);
        (await server.Carol.GetAsync($"/api/v1/runs/{his.Run}")).Expect(403);
        var gone = (await server.Bob.GetAsync($"/api/2.0/mlflow/experiments/permissions/get?experiment_id={his.Experiment}&username=carol")).Expect(404);
        Assert.Contains($"Experiment permission with experiment_id={his.Experiment} and username=carol not found", gone.Text, StringComparison.Ordinal);
    }
}
