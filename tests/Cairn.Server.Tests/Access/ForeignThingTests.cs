using System.Text.Json.Nodes;

namespace Cairn.Server.Tests.Access;

/// <summary>
/// What MLflow's servers let others do (CVE-2026-69148, 2024-4263, 2026-69146, 2026-2651, 2025-15381, 2026-8147, 2026-2734,
/// 2026-33866, 2026-3198), tried by real users at both of MLflow's addresses.
/// </summary>
public sealed class ForeignThingTests(AccessServer server) : IClassFixture<AccessServer>
{
    public static TheoryData<string> Prefixes => ["/api", "/ajax-api"];

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task A_version_cannot_be_registered_from_a_run_that_may_not_be_read(string prefix)
    {
        var hers = await HiddenFromBobAsync();
        var model = $"bob-model-{Guid.NewGuid():N}";
        (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/registered-models/create", $$"""{"name":"{{model}}"}""")).Expect(200);
        foreach (var source in (string[])[$"runs:/{hers.Run}/", $"mlflow-artifacts:/{hers.Experiment}/{hers.Run}/artifacts", $"models:/{hers.Model}/1", $"mlflow-artifacts:/{hers.Experiment}/models/{hers.LoggedModel}/artifacts", "s3://elsewhere/x"])
        {
            var isElsewhere = source.StartsWith("s3:", StringComparison.Ordinal);
            (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/model-versions/create", $$"""{"name":"{{model}}","source":"{{source}}","run_id":"{{hers.Run}}"}""")).Expect(403);
            (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/model-versions/create", $$"""{"name":"{{model}}","source":"{{source}}"}""")).Expect(isElsewhere ? 200 : 403);
        }

        (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/model-versions/create", $$"""{"name":"{{model}}","source":"s3://elsewhere/x","model_id":"{{hers.LoggedModel}}"}""")).Expect(403);

        // With READ it may be, and stays Bob's: it does not move into her experiment.
        await server.AllowAsync(hers.Experiment, "bob", "READ");
        (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/model-versions/create", $$"""{"name":"{{model}}","source":"runs:/{{hers.Run}}/","run_id":"{{hers.Run}}"}""")).Expect(200);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task Files_of_anothers_experiment_are_deleted_only_by_those_who_manage_it(string prefix)
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        string[] files = [hers.File, $"{hers.Experiment}/models/{hers.LoggedModel}/artifacts/weights.txt", $"{hers.Experiment}/{hers.Run}/artifacts"];
        foreach (var permission in (string[])["NO_PERMISSIONS", "READ", "EDIT"])
        {
            await server.AllowAsync(hers.Experiment, "bob", permission);
            foreach (var file in files)
            {
                (await server.Bob.SendAsync("DELETE", $"{prefix}/2.0/mlflow-artifacts/artifacts/{file}")).Expect(403);
            }
        }

        Assert.Contains(Belongings.Secret, (await server.Alice.GetAsync($"/api/2.0/mlflow-artifacts/artifacts/{hers.File}")).Expect(200).Text, StringComparison.Ordinal);
        await server.AllowAsync(hers.Experiment, "bob", "MANAGE");
        (await server.Bob.SendAsync("DELETE", $"{prefix}/2.0/mlflow-artifacts/artifacts/{hers.File}")).Expect(200);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task Inputs_and_outputs_of_a_foreign_run_are_not_written_without_EDIT(string prefix)
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        var inputs = $$$"""{"run_id":"{{{hers.Run}}}","datasets":[{"dataset":{"name":"d","digest":"1","source_type":"local","source":"{}"}}]}""";
        var outputs = $$"""{"run_id":"{{hers.Run}}","models":[{"model_id":"{{hers.LoggedModel}}","step":1}]}""";
        await server.AllowAsync(hers.Experiment, "bob", "READ");
        (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/runs/log-inputs", inputs)).Expect(403);
        (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/runs/outputs", outputs)).Expect(403);
        await server.AllowAsync(hers.Experiment, "bob", "EDIT");
        (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/runs/log-inputs", inputs)).Expect(200);
        (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/runs/outputs", outputs)).Expect(200);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task A_run_of_ones_own_measures_no_foreign_model(string prefix)
    {
        var (hers, his) = (await Belongings.MakeAsync(server.Alice), await Belongings.MakeAsync(server.Bob));
        var metric = $$"""{"run_id":"{{his.Run}}","key":"acc","value":1,"timestamp":1,"model_id":"{{hers.LoggedModel}}"}""";
        (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/runs/log-metric", metric)).Expect(403);
        (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/runs/outputs", $$"""{"run_id":"{{his.Run}}","models":[{"model_id":"{{hers.LoggedModel}}","step":1}]}""")).Expect(403);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task Uploads_in_parts_are_not_begun_completed_or_given_up_in_a_foreign_place(string prefix)
    {
        var hers = await HiddenFromBobAsync();
        foreach (var folder in (string[])[$"{hers.Experiment}/{hers.Run}/artifacts", $"{hers.Experiment}/models/{hers.LoggedModel}/artifacts"])
        {
            var hers2 = (await server.Alice.PostAsync($"{prefix}/2.0/mlflow-artifacts/mpu/create/{folder}", """{"path":"big.bin","num_parts":1}""")).Expect(200);
            var id = hers2.Json["upload_id"]!.GetValue<string>();
            (await server.Bob.PostAsync($"{prefix}/2.0/mlflow-artifacts/mpu/create/{folder}", """{"path":"big.bin","num_parts":1}""")).Expect(403);
            (await server.Bob.PostAsync($"{prefix}/2.0/mlflow-artifacts/mpu/complete/{folder}", $$"""{"path":"big.bin","upload_id":"{{id}}","parts":[{"part_number":1,"etag":"x"}]}""")).Expect(403);
            (await server.Bob.PostAsync($"{prefix}/2.0/mlflow-artifacts/mpu/abort/{folder}", $$"""{"path":"big.bin","upload_id":"{{id}}"}""")).Expect(403);

            // The address of a part is hers, and needs no key; what it was made for is still there.
            var part = hers2.Json["credentials"]![0]!["url"]!.GetValue<string>();
            (await server.Stranger.PutBytesAsync(part, "bytes")).Expect(200);
        }
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task Traces_and_what_is_thought_of_them_are_closed_to_every_verb(string prefix)
    {
        var hers = await HiddenFromBobAsync();
        var assessment = """{"assessment":{"assessment_name":"x","source":{"source_type":"HUMAN","source_id":"x"},"feedback":{"value":true}}}""";
        var change = $$$"""{"assessment":{"assessment_id":"{{{hers.Assessment}}}","trace_id":"{{{hers.Trace}}}","rationale":"x"},"update_mask":"rationale"}""";
        var trace = $"{prefix}/3.0/mlflow/traces/{hers.Trace}";
        (await server.Bob.GetAsync(trace)).Expect(403);
        (await server.Bob.GetAsync($"{prefix}/2.0/mlflow/traces/{hers.Trace}/info")).Expect(403);
        (await server.Bob.GetAsync($"{prefix}/2.0/mlflow/get-trace-artifact?request_id={hers.Trace}")).Expect(403);
        (await server.Bob.SendAsync("PATCH", $"{trace}/tags", """{"key":"k","value":"v"}""")).Expect(403);
        (await server.Bob.SendAsync("DELETE", $"{trace}/tags", """{"key":"t"}""")).Expect(403);
        (await server.Bob.PostAsync($"{trace}/assessments", assessment)).Expect(403);
        (await server.Bob.GetAsync($"{trace}/assessments/{hers.Assessment}")).Expect(403);
        (await server.Bob.SendAsync("PATCH", $"{trace}/assessments/{hers.Assessment}", change)).Expect(403);
        (await server.Bob.SendAsync("DELETE", $"{trace}/assessments/{hers.Assessment}")).Expect(403);
        (await server.Bob.PostAsync($"{prefix}/3.0/mlflow/traces/delete-traces", $$"""{"experiment_id":"{{hers.Experiment}}","request_ids":["{{hers.Trace}}"]}""")).Expect(403);
        (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/traces/link-to-run", $$"""{"trace_ids":["{{hers.Trace}}"],"run_id":"{{hers.Run}}"}""")).Expect(403);
        Assert.DoesNotContain(
            hers.Trace,
            (await server.Bob.PostAsync($"{prefix}/3.0/mlflow/traces/search", $$$$"""{"locations":[{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{"experiment_id":"{{{{hers.Experiment}}}}"}}]}""")).Expect(200).Text,
            StringComparison.Ordinal);
        Assert.DoesNotContain(Belongings.Secret, (await server.Bob.GetAsync($"{prefix}/3.0/mlflow/traces/batchGet?trace_ids={hers.Trace}&trace_ids=tr-none")).Text, StringComparison.Ordinal);

        // A trace of the same id in an experiment of one's own would take hers over.
        var his = await Belongings.MakeAsync(server.Bob);
        (await server.Bob.PostAsync(
            $"{prefix}/3.0/mlflow/traces",
            $$$$"""{"trace":{"trace_info":{"trace_id":"{{{{hers.Trace}}}}","trace_location":{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{"experiment_id":"{{{{his.Experiment}}}}"}},"request_time":"2026-01-01T00:00:00Z","state":"OK"}}}""")).Expect(403);
        (await server.Alice.GetAsync(trace)).Expect(200);
    }

    [Fact]
    public async Task Spans_are_not_sent_into_a_foreign_experiment()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        await server.AllowAsync(hers.Experiment, "bob", "READ");
        using var spans = new StringContent(
            """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0123456789abcdef0123456789abcdef","spanId":"0123456789abcdef","name":"x","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}""",
            System.Text.Encoding.UTF8,
            "application/json");
        spans.Headers.Add("x-mlflow-experiment-id", hers.Experiment);
        (await server.Bob.SendAsync("POST", "/v1/traces", spans)).Expect(403);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task Searches_of_the_registry_find_what_may_be_read_on_full_pages(string prefix)
    {
        var reader = await server.AddUserAsync($"reader{Guid.NewGuid():N}"[..20]);
        var (mine, hidden) = (new HashSet<string>(), new List<string>());
        for (var i = 0; i < 6; i++)
        {
            var hers = await Belongings.MakeAsync(server.Alice);
            await server.AllowAsync(hers.Experiment, reader.Name, "NO_PERMISSIONS");
            hidden.Add(hers.Model);
            var name = $"{Belongings.Secret}-{i}-{Guid.NewGuid():N}";
            (await reader.PostAsync($"{prefix}/2.0/mlflow/registered-models/create", $$"""{"name":"{{name}}"}""")).Expect(200);
            (await reader.PostAsync($"{prefix}/2.0/mlflow/model-versions/create", $$"""{"name":"{{name}}","source":"s3://x/y"}""")).Expect(200);
            mine.Add(name);
        }

        // Everything else that is readable by default is there too; what is hidden takes no place on a page.
        foreach (var (call, list) in ((string, string)[])[("registered-models/search", "registered_models"), ("model-versions/search", "model_versions")])
        {
            var seen = new HashSet<string>();
            string? token = null;
            do
            {
                var page = (await reader.GetAsync($"{prefix}/2.0/mlflow/{call}?max_results=2{(token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}")}")).Expect(200);
                var found = page.Json[list]?.AsArray() ?? [];
                token = page.Json["next_page_token"]?.GetValue<string>() is { Length: > 0 } next ? next : null;
                Assert.True(token is null || found.Count == 2, "A page is short where something is hidden.");
                seen.UnionWith(found.Select(model => model!["name"]!.GetValue<string>()));
            }
            while (token is not null);
            Assert.Subset(seen, mine);
            Assert.Empty(seen.Intersect(hidden));
        }
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task Who_may_read_nothing_gets_one_empty_page_whatever_token_he_sends(string prefix)
    {
        var reader = await server.AddUserAsync($"none{Guid.NewGuid():N}"[..20]);
        var hidden = await Belongings.MakeAsync(server.Alice);
        await server.AllowAsync(hidden.Experiment, reader.Name, "NO_PERMISSIONS");
        var filter = Uri.EscapeDataString($"name = '{hidden.Model}'");
        var token = (await server.Alice.GetAsync($"{prefix}/2.0/mlflow/model-versions/search?max_results=1")).Json["next_page_token"]?.GetValue<string>();
        foreach (var query in (string[])[$"filter={filter}", $"filter={filter}&max_results=1", $"filter={filter}&page_token={Uri.EscapeDataString(token ?? "")}"])
        {
            var page = (await reader.GetAsync($"{prefix}/2.0/mlflow/model-versions/search?{query}")).Expect(200);
            Assert.Equal(0, page.Json["model_versions"]?.AsArray().Count ?? 0);
            Assert.True(string.IsNullOrEmpty(page.Json["next_page_token"]?.GetValue<string>()));
        }
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task Files_of_a_logged_model_are_closed(string prefix)
    {
        var hers = await HiddenFromBobAsync();
        (await server.Bob.GetAsync($"{prefix}/2.0/mlflow/logged-models/{hers.LoggedModel}")).Expect(403);
        (await server.Bob.GetAsync($"{prefix}/2.0/mlflow/logged-models/{hers.LoggedModel}/artifacts/directories")).Expect(403);
        (await server.Bob.GetAsync($"{prefix}/2.0/mlflow/logged-models/{hers.LoggedModel}/artifacts/files?artifact_file_path=weights.txt")).Expect(403);
        (await server.Bob.GetAsync($"{prefix}/2.0/mlflow-artifacts/artifacts/{hers.Experiment}/models/{hers.LoggedModel}/artifacts/weights.txt")).Expect(403);
        (await server.Bob.GetAsync($"{prefix}/2.0/mlflow-artifacts/artifacts?path={hers.Experiment}/models")).Expect(403);
        Assert.DoesNotContain($"\"{hers.Experiment}\"", (await server.Bob.GetAsync($"{prefix}/2.0/mlflow-artifacts/artifacts")).Expect(200).Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task Secrets_of_webhooks_are_for_admins_and_never_told(string prefix)
    {
        var body = """{"name":"w","url":"https://hooks.example.com/x","events":[{"entity":"REGISTERED_MODEL","action":"CREATED"}],"secret":"a-secret-of-a-webhook"}""";
        (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/webhooks", body)).Expect(403);
        var made = (await server.Admin.PostAsync($"{prefix}/2.0/mlflow/webhooks", body)).Expect(200);
        var id = made.Json["webhook"]!["webhook_id"]!.GetValue<string>();
        Assert.DoesNotContain("a-secret-of-a-webhook", made.Text, StringComparison.Ordinal);
        foreach (var (method, path) in ((string, string)[])[("GET", ""), ("GET", $"/{id}"), ("PATCH", $"/{id}"), ("DELETE", $"/{id}"), ("POST", $"/{id}/test")])
        {
            (await server.Bob.SendAsync(method, $"{prefix}/2.0/mlflow/webhooks{path}", method is "GET" ? null : "{}")).Expect(403);
        }

        Assert.DoesNotContain("a-secret-of-a-webhook", (await server.Admin.GetAsync($"{prefix}/2.0/mlflow/webhooks")).Expect(200).Text, StringComparison.Ordinal);
        (await server.Bob.GetAsync("/api/v1/webhooks")).Expect(403);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task Another_experiments_place_cannot_be_claimed(string prefix)
    {
        var hers = await HiddenFromBobAsync();
        foreach (var place in (string[])[hers.Experiment, $"{hers.Experiment}/models", $"{hers.Experiment}/{hers.Run}/artifacts", "987654", $"/{hers.Experiment}"])
        {
            (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/experiments/create", $$"""{"name":"thief-{{Guid.NewGuid():N}}","artifact_location":"mlflow-artifacts:/{{place}}"}""")).Expect(403);
        }

        (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/experiments/create", $$"""{"name":"own-{{Guid.NewGuid():N}}","artifact_location":"mlflow-artifacts:/own/{{Guid.NewGuid():N}}"}""")).Expect(200);

        (await server.Bob.PostAsync($"{prefix}/2.0/mlflow/experiments/create", $$"""{"name":"all-{{Guid.NewGuid():N}}","artifact_location":"mlflow-artifacts:/"}""")).Expect(403);
        (await server.Bob.GetAsync($"{prefix}/2.0/mlflow-artifacts/artifacts/{hers.Experiment}/models/{hers.LoggedModel}/artifacts/weights.txt")).Expect(403);
        (await server.Alice.GetAsync($"{prefix}/2.0/mlflow-artifacts/artifacts/{hers.Experiment}/models/{hers.LoggedModel}/artifacts/weights.txt")).Expect(200);
    }

    private async Task<Belongings> HiddenFromBobAsync()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        await server.AllowAsync(hers.Experiment, "bob", "NO_PERMISSIONS");
        return hers;
    }
}
