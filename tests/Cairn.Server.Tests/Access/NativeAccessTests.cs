using System.Net.Http.Headers;

namespace Cairn.Server.Tests.Access;

/// <summary>The native API: contents by digest, aliases, whole-server things, and what happens while things change.</summary>
public sealed class NativeAccessTests(AccessServer server) : IClassFixture<AccessServer>
{
    [Fact]
    public async Task To_know_a_digest_is_no_right_to_the_content()
    {
        var (hers, his) = (await Belongings.MakeAsync(server.Alice), await Belongings.MakeAsync(server.Bob));
        await server.AllowAsync(hers.Experiment, "bob", "NO_PERMISSIONS");
        (await server.Bob.GetAsync($"/api/v1/blobs/{hers.Content}")).Expect(404);
        Assert.Contains(hers.Content, (await server.Bob.PostAsync("/api/v1/blobs/missing", $$"""{"digests":["{{hers.Content}}"]}""")).Expect(200).Text, StringComparison.Ordinal);
        var steal = $$"""{"name":"loot","type":"dataset","experimentId":"{{his.Experiment}}","manifest":[{"path":"a.txt","digest":"{{hers.Content}}","size":{{hers.ContentText.Length}} }]}""";
        (await server.Bob.PostAsync("/api/v1/artifacts/versions", steal)).Expect(412);

        // Who has the bytes himself may speak of them, and who may read a thing may read what is in it.
        (await server.Carol.GetAsync($"/api/v1/blobs/{hers.Content}")).Expect(200);
        (await server.Bob.PutBytesAsync($"/api/v1/blobs/{hers.Content}", hers.ContentText)).Expect(204);
        (await server.Bob.PostAsync("/api/v1/artifacts/versions", steal)).Expect(200);
        (await server.Bob.GetAsync($"/api/v1/artifacts/{hers.Experiment}/{hers.Artifact}/versions/v0/files/a.txt")).Expect(403);
    }

    [Fact]
    public async Task A_model_that_one_may_only_read_gets_its_alias_moved_at_no_door()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        await server.AllowAsync(hers.Experiment, "bob", "READ");
        (await server.Bob.PostAsync("/api/2.0/mlflow/registered-models/alias", $$"""{"name":"{{hers.Model}}","alias":"prod","version":"1"}""")).Expect(403);
        (await server.Bob.PostAsync("/ajax-api/2.0/mlflow/registered-models/alias", $$"""{"name":"{{hers.Model}}","alias":"other","version":"1"}""")).Expect(403);
        (await server.Bob.SendAsync("DELETE", "/api/2.0/mlflow/registered-models/alias", $$"""{"name":"{{hers.Model}}","alias":"prod"}""")).Expect(403);
        (await server.Bob.PostAsync("/api/2.0/mlflow/model-versions/transition-stage", $$"""{"name":"{{hers.Model}}","version":"1","stage":"Production"}""")).Expect(403);
        (await server.Bob.SendAsync("PUT", $"/api/v1/artifacts/{hers.Experiment}/{hers.Model}/aliases/prod", """{"version":"v0"}""")).Expect(403);
        (await server.Bob.SendAsync("DELETE", $"/api/v1/artifacts/{hers.Experiment}/{hers.Model}/aliases/prod")).Expect(403);
        (await server.Bob.PostAsync($"/api/v1/artifacts/{hers.Experiment}/{hers.Model}/aliases/prod/rollback", "{}")).Expect(403);
        (await server.Bob.GetAsync($"/api/v1/artifacts/{hers.Experiment}/{hers.Model}")).Expect(200);
    }

    [Fact]
    public async Task What_is_said_of_a_model_goes_before_what_holds_for_its_experiment()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        (await server.Alice.SendAsync("PUT", $"/api/v1/models/permissions/bob?model={hers.Model}", """{"permission":"NO_PERMISSIONS"}""")).Expect(200);
        (await server.Bob.GetAsync($"/api/2.0/mlflow/registered-models/get?name={hers.Model}")).Expect(403);
        (await server.Bob.GetAsync($"/api/v1/artifacts/{hers.Experiment}/{hers.Artifact}")).Expect(200);
        Assert.DoesNotContain(hers.Model, (await server.Bob.GetAsync($"/api/v1/artifacts?experiment={hers.Experiment}")).Expect(200).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(hers.Model, (await server.Bob.GetAsync("/api/v1/models")).Expect(200).Text, StringComparison.Ordinal);

        (await server.Alice.SendAsync("PUT", $"/api/v1/models/permissions/bob?model={hers.Model}", """{"permission":"EDIT"}""")).Expect(200);
        await server.AllowAsync(hers.Experiment, "bob", "NO_PERMISSIONS");
        (await server.Bob.PostAsync("/api/2.0/mlflow/registered-models/alias", $$"""{"name":"{{hers.Model}}","alias":"canary","version":"1"}""")).Expect(200);
        Assert.Contains(hers.Model, (await server.Bob.GetAsync("/api/v1/models")).Expect(200).Text, StringComparison.Ordinal);
        (await server.Bob.GetAsync($"/api/v1/artifacts/{hers.Experiment}/{hers.Artifact}")).Expect(403);

        // A rename keeps what was said; a new model of the name begins without.
        (await server.Alice.PostAsync("/api/2.0/mlflow/registered-models/rename", $$"""{"name":"{{hers.Model}}","new_name":"{{hers.Model}}-new"}""")).Expect(200);
        (await server.Bob.GetAsync($"/api/2.0/mlflow/registered-models/get?name={hers.Model}-new")).Expect(200);
        (await server.Alice.SendAsync("DELETE", "/api/2.0/mlflow/registered-models/delete", $$"""{"name":"{{hers.Model}}-new"}""")).Expect(200);
        (await server.Carol.PostAsync("/api/2.0/mlflow/registered-models/create", $$"""{"name":"{{hers.Model}}-new"}""")).Expect(200);
        (await server.Bob.SendAsync("PATCH", "/api/2.0/mlflow/registered-models/update", $$"""{"name":"{{hers.Model}}-new","description":"x"}""")).Expect(403);
        (await server.Alice.SendAsync("PATCH", "/api/2.0/mlflow/registered-models/update", $$"""{"name":"{{hers.Model}}-new","description":"x"}""")).Expect(403);
    }

    [Fact]
    public async Task The_whole_server_is_for_admins()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        await server.AllowAsync(hers.Experiment, "bob", "NO_PERMISSIONS");
        foreach (var (method, path) in ((string, string)[])[("POST", "/api/v1/gc"), ("GET", "/api/v1/storage"), ("POST", "/api/v1/import"), ("POST", "/api/v1/import/known"), ("GET", "/api/v1/export/artifacts"), ("GET", "/api/v1/export/files"), ("POST", "/api/v1/jobs/lease"), ("GET", "/api/v1/webhooks")])
        {
            (await server.Bob.SendAsync(method, path, method == "GET" ? null : "{}")).Expect(403);
            Assert.NotEqual(403, (await server.Admin.SendAsync(method, path, method == "GET" ? null : "{}")).Status);
        }

        // What else an export of everything asks for holds only what may be read.
        Assert.DoesNotContain(hers.ExperimentName, (await server.Bob.GetAsync("/api/v1/export")).Expect(200).Text, StringComparison.Ordinal);
        Assert.Contains(hers.ExperimentName, (await server.Admin.GetAsync("/api/v1/export")).Expect(200).Text, StringComparison.Ordinal);
        (await server.Bob.GetAsync($"/api/v1/runs/{hers.Run}/export")).Expect(403);
        foreach (var list in (string[])["/api/v1/home", "/api/v1/runs", "/api/v1/experiments", "/api/v1/artifacts", "/api/v1/models", "/api/v1/gates", "/api/v1/pipelines", "/api/v1/triggers", "/api/v1/jobs"])
        {
            Assert.DoesNotContain(hers.ExperimentName, (await server.Bob.GetAsync(list)).Expect(200).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_permission_that_is_taken_away_in_the_middle_of_an_upload_leaves_nothing()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        await server.AllowAsync(hers.Experiment, "bob", "EDIT");
        using var slow = new GatedContent();
        var upload = server.Bob.SendAsync("PUT", $"/api/2.0/mlflow-artifacts/artifacts/{hers.Experiment}/{hers.Run}/artifacts/late.txt", slow);
        await slow.Begun;
        await server.AllowAsync(hers.Experiment, "bob", "READ");
        slow.GoOn();
        (await upload).Expect(403);
        (await server.Alice.GetAsync($"/api/2.0/mlflow-artifacts/artifacts/{hers.Experiment}/{hers.Run}/artifacts/late.txt")).Expect(404);
    }

    [Fact]
    public async Task A_stream_of_events_ends_telling_when_the_permission_or_the_user_goes()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        var listener = await server.AddUserAsync($"ears{Guid.NewGuid():N}"[..20]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await KeyOfAsync(listener.Name));
        using var stream = await listener.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        await TouchAsync(hers.Run);
        Assert.Contains(hers.Run, await NextAsync(reader), StringComparison.Ordinal);

        var other = await Belongings.MakeAsync(server.Alice);
        await server.AllowAsync(hers.Experiment, listener.Name, "NO_PERMISSIONS");
        await TouchAsync(hers.Run);
        await TouchAsync(other.Run);
        string heard;
        do
        {
            heard = await NextAsync(reader);
            Assert.DoesNotContain(hers.Run, heard, StringComparison.Ordinal);
        }
        while (!heard.Contains(other.Run, StringComparison.Ordinal));

        (await server.Operator.SendAsync("DELETE", $"/api/v1/users/{listener.Name}")).Expect(204);
        var third = await Belongings.MakeAsync(server.Alice);
        await TouchAsync(third.Run);
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                Assert.DoesNotContain(third.Run, line, StringComparison.Ordinal);
            }
        }
        catch (IOException)
        {
            // Cut off: as good an end as any.
        }
    }

    [Fact]
    public async Task A_user_who_is_gone_leaves_no_rights_to_the_next_of_the_name()
    {
        var first = await server.AddUserAsync("dora");
        var hers = await Belongings.MakeAsync(first);
        await server.AllowAsync(hers.Experiment, "bob", "READ");
        (await server.Operator.SendAsync("DELETE", "/api/v1/users/dora")).Expect(204);
        (await first.GetAsync($"/api/v1/experiments/{hers.Experiment}")).Expect(401);
        var second = await server.AddUserAsync("dora");
        (await second.SendAsync("DELETE", $"/api/v1/experiments/{hers.Experiment}")).Expect(403);
        (await second.PostAsync("/api/2.0/mlflow/runs/set-tag", $$"""{"run_id":"{{hers.Run}}","key":"k","value":"v"}""")).Expect(403);
        Assert.DoesNotContain("dora", (await server.Admin.GetAsync($"/api/v1/experiments/{hers.Experiment}/permissions")).Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_experiment_of_the_same_name_begins_without_what_was_said_of_the_first()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        await server.AllowAsync(hers.Experiment, "bob", "MANAGE");
        (await server.Alice.SendAsync("DELETE", $"/api/v1/experiments/{hers.Experiment}")).Expect(204);
        var made = (await server.Carol.PostAsync("/api/2.0/mlflow/experiments/create", $$"""{"name":"{{hers.ExperimentName}}"}""")).Expect(200).Json["experiment_id"]!.GetValue<string>();
        Assert.NotEqual(hers.Experiment, made);
        foreach (var person in (Person[])[server.Bob, server.Alice])
        {
            (await person.PostAsync("/api/2.0/mlflow/runs/create", $$"""{"experiment_id":"{{made}}"}""")).Expect(403);
            (await person.SendAsync("DELETE", $"/api/v1/experiments/{made}")).Expect(403);
        }

        (await server.Carol.PostAsync("/api/2.0/mlflow/runs/create", $$"""{"experiment_id":"{{made}}"}""")).Expect(200);
    }

    [Fact]
    public async Task Permissions_are_given_and_seen_by_those_who_manage()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        await server.AllowAsync(hers.Experiment, "bob", "EDIT");
        var address = $"/api/v1/experiments/{hers.ExperimentName}/permissions";
        (await server.Bob.GetAsync(address)).Expect(403);
        (await server.Bob.SendAsync("PUT", $"{address}/bob", """{"permission":"MANAGE"}""")).Expect(403);
        (await server.Bob.SendAsync("DELETE", $"{address}/alice")).Expect(403);
        Assert.Contains("\"MANAGE\"", (await server.Alice.GetAsync(address)).Expect(200).Text, StringComparison.Ordinal);
        (await server.Alice.SendAsync("PUT", $"{address}/nobody-of-the-name", """{"permission":"READ"}""")).Expect(404);
        (await server.Alice.SendAsync("PUT", $"{address}/bob", """{"permission":"WRITE"}""")).Expect(400);
        (await server.Alice.SendAsync("DELETE", $"{address}/bob")).Expect(204);
        (await server.Alice.SendAsync("DELETE", $"{address}/bob")).Expect(404);
        (await server.Bob.PostAsync("/api/2.0/mlflow/runs/create", $$"""{"experiment_id":"{{hers.Experiment}}"}""")).Expect(403);
    }

    [Fact]
    public async Task A_run_of_anothers_id_is_not_created_again_nor_hung_below_ones_own()
    {
        var (hers, his) = (await Belongings.MakeAsync(server.Alice), await Belongings.MakeAsync(server.Bob));
        await server.AllowAsync(hers.Experiment, "bob", "NO_PERMISSIONS");
        (await server.Bob.PostAsync("/api/v1/runs", $$"""{"experimentId":"{{his.Experiment}}","id":"{{hers.Run}}"}""")).Expect(403);
        (await server.Bob.PostAsync("/api/v1/runs", $$"""{"experimentId":"{{his.Experiment}}","parentId":"{{hers.Run}}"}""")).Expect(403);
        (await server.Bob.PostAsync("/api/v1/runs/bulk", $$"""{"changes":[{"runIds":["{{hers.Run}}"],"state":"deleted"}]}""")).Expect(403);
        (await server.Bob.GetAsync($"/api/v1/lineage?run={hers.Run}")).Expect(403);
        (await server.Bob.PostAsync($"/api/v1/runs/{his.Run}/inputs", $$"""{"artifact":"{{hers.ExperimentName}}/{{hers.Artifact}}:v0"}""")).Expect(403);
    }

    [Fact]
    public async Task Of_many_runs_each_is_judged_by_itself()
    {
        var (hers, his) = (await Belongings.MakeAsync(server.Alice), await Belongings.MakeAsync(server.Bob));
        var answer = (await server.Bob.PostAsync("/api/v1/runs/bulk", $$"""{"changes":[{"runIds":["{{hers.Run}}","{{his.Run}}"],"tags":{"done":"yes"} }]}""")).Expect(200);
        Assert.Equal(1, answer.Json["changed"]!.GetValue<int>());
        Assert.Equal(hers.Run, answer.Json["refused"]![0]!["runId"]!.GetValue<string>());
    }

    private async Task TouchAsync(string run) =>
        (await server.Alice.PostAsync("/api/2.0/mlflow/runs/set-tag", $$"""{"run_id":"{{run}}","key":"touched","value":"{{Guid.NewGuid()}}"}""")).Expect(200);

    private async Task<string> KeyOfAsync(string user) =>
        (await server.Operator.PostAsync($"/api/v1/users/{user}/keys", """{"name":"ears"}""")).Expect(200).Json["key"]!.GetValue<string>();

    private static async Task<string> NextAsync(StreamReader reader)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var line = await reader.ReadLineAsync(patience.Token) ?? throw new Xunit.Sdk.XunitException("The stream has ended.");
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    /// <summary>A body that sends its first half, and the second when it is told to.</summary>
    private sealed class GatedContent : HttpContent
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => begun.Task;

        public void GoOn() => goOn.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync("first half, "u8.ToArray());
            await stream.FlushAsync();
            begun.SetResult();
            await goOn.Task;
            await stream.WriteAsync("second half"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
