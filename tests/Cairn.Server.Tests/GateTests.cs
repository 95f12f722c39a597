using System.Globalization;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests;

/// <summary>Gates before aliases, through the native API.</summary>
public sealed class GateTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_better_model_gets_the_alias_and_a_worse_one_does_not()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        await shelf.SetGateAsync("""{"when":"metrics.mae < prod.metrics.mae","who":"eva"}""");
        await shelf.DataAsync("days");
        await shelf.ModelAsync();
        await shelf.EvaluateAsync("model:v0", "test_data.csv:v0", """{"mae":3.0}""");
        using (var first = await shelf.MoveAsync("v0", extra: ""","why":"first","who":"eva" """))
        {
            Assert.True(first.IsSuccessStatusCode, await first.Content.ReadAsStringAsync());
        }

        await shelf.ModelAsync();
        await shelf.EvaluateAsync("model:v1", "test_data.csv:v0", """{"mae":3.5}""");
        var refusal = await ModelShelf.RefusedAsync(await shelf.MoveAsync("v1"), 412);
        Assert.Equal("failed_precondition", refusal.Code);
        Assert.Contains("mae 3.5 of v1 against mae 3 of v0 on test_data.csv:v0", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("v0", await shelf.HolderAsync());

        await shelf.ModelAsync();
        await shelf.EvaluateAsync("model:v2", "test_data.csv:v0", """{"mae":2.5}""");
        using (var better = await shelf.MoveAsync("v2"))
        {
            Assert.True(better.IsSuccessStatusCode, await better.Content.ReadAsStringAsync());
        }

        var decisions = await shelf.DecisionsAsync();
        Assert.Equal(["accepted", "refused", "accepted", "gate_set"], decisions.Select(decision => decision.Outcome));
        Assert.Equal((2.5, 3.0), (decisions[0].Verdict!.Candidate.Metrics["mae"], decisions[0].Verdict!.Holder!.Metrics["mae"]));
        Assert.Equal(("v0", "v1"), (decisions[1].From, decisions[1].To));
        Assert.Equal(("first", "eva"), (decisions[2].Why, decisions[2].Who));
        Assert.Contains("No other version has held the alias yet", decisions[2].Verdict!.Conditions[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_of_other_data_are_not_compared_and_the_refusal_says_what_to_run()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        await shelf.SetGateAsync("""{"when":"metrics.mae < prod.metrics.mae"}""");
        await shelf.DataAsync("old days");
        await shelf.DataAsync("new days");
        await shelf.ModelAsync();
        await shelf.EvaluateAsync("model:v0", "test_data.csv:v0", """{"mae":3.0}""");
        (await shelf.MoveAsync("v0")).Dispose();
        await shelf.ModelAsync();
        await shelf.EvaluateAsync("model:v1", "test_data.csv:v1", """{"mae":1.0}""");
        var refusal = await ModelShelf.RefusedAsync(await shelf.MoveAsync("v1"), 412);
        Assert.Contains("v1 was measured on test_data.csv:v1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Measure model:v0 on test_data.csv:v1 too", refusal.Message, StringComparison.Ordinal);

        // What it said to do: the holder on the new data too.
        await shelf.EvaluateAsync("model:v0", "test_data.csv:v1", """{"mae":2.0}""");
        using var accepted = await shelf.MoveAsync("v1");
        Assert.True(accepted.IsSuccessStatusCode, await accepted.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_run_that_judged_both_gives_the_plain_metrics_to_the_candidate_and_those_named_after_the_alias_to_the_holder()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        await shelf.SetGateAsync("""{"when":"metrics.auc - prod.metrics.auc >= 0.01"}""");
        await shelf.DataAsync("days");
        await shelf.ModelAsync();
        await shelf.EvaluateAsync("model:v0", "test_data.csv:v0", """{"auc":0.7}""");
        (await shelf.MoveAsync("v0")).Dispose();
        await shelf.DataAsync("newer days");
        await shelf.ModelAsync();
        await shelf.EvaluateAsync("model:v1", "test_data.csv:v1", """{"auc":0.75,"prod/auc":0.745}""", holder: "model:prod");
        var refusal = await ModelShelf.RefusedAsync(await shelf.MoveAsync("v1"), 412);
        Assert.Contains("auc 0.75 of v1 against auc 0.745 of v0", refusal.Message, StringComparison.Ordinal);
        await shelf.ModelAsync();
        await shelf.EvaluateAsync("model:v2", "test_data.csv:v1", """{"auc":0.76,"prod/auc":0.745}""", holder: "model:prod");
        using var accepted = await shelf.MoveAsync("v2");
        Assert.True(accepted.IsSuccessStatusCode, await accepted.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Taking_the_alias_away_first_is_no_way_around_the_comparison()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        await shelf.SetGateAsync("""{"when":"metrics.mae < prod.metrics.mae"}""");
        await shelf.DataAsync("days");
        await shelf.ModelAsync();
        await shelf.EvaluateAsync("model:v0", "test_data.csv:v0", """{"mae":3.0}""");
        (await shelf.MoveAsync("v0")).Dispose();
        await shelf.ModelAsync();
        await shelf.EvaluateAsync("model:v1", "test_data.csv:v0", """{"mae":4.0}""");
        using (var removed = await server.Http.DeleteAsync(new Uri($"/api/v1/artifacts/{shelf.Id}/model/aliases/prod?who=eva", UriKind.Relative)))
        {
            removed.EnsureSuccessStatusCode();
        }

        await ModelShelf.RefusedAsync(await shelf.MoveAsync("v1"), 412);
        Assert.Null(await shelf.HolderAsync());
        using var back = await shelf.MoveAsync("v0");
        Assert.True(back.IsSuccessStatusCode, await back.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_commit_with_a_gated_alias_is_refused_whole()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        await shelf.SetGateAsync("""{"when":"metrics.mae < 1"}""");
        var known = await shelf.ModelAsync();
        var entry = (await server.GetAsync<VersionDetail>($"/api/v1/artifacts/{shelf.Id}/model/versions/v0")).Manifest[0];
        var request = new CommitVersionRequest("model", "model", [entry with { Path = "other" }], ExperimentId: shelf.Id, Aliases: ["prod"]);
        await ModelShelf.RefusedAsync(await shelf.TryCommitAsync(request), 412);
        var after = await server.GetAsync<ArtifactDetail>($"/api/v1/artifacts/{shelf.Id}/model");
        Assert.Equal(known.Version, after.Artifact.LatestVersion);
        Assert.Equal(("refused", "v1"), ((await shelf.DecisionsAsync())[0].Outcome, (await shelf.DecisionsAsync())[0].To));
    }

    [Fact]
    public async Task Checks_of_the_data_a_model_was_made_of_count_and_the_newest_result_decides()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        await shelf.SetGateAsync("""{"checks":["drift"]}""");
        await shelf.LogAsync("train_data.csv", "dataset");
        var train = (await shelf.StartAsync()).Id;
        (await server.PostAsync($"/api/v1/runs/{train}/inputs", """{"artifact":"train_data.csv:v0"}""")).Dispose();
        await shelf.LogAsync("model", "model", train);
        var missing = await ModelShelf.RefusedAsync(await shelf.MoveAsync("v0"), 412);
        Assert.Contains("The check 'drift' was not made", missing.Message, StringComparison.Ordinal);

        // W&B's clients write summaries, MLflow's tags and metrics; a run that uses the data speaks for what is made of it.
        var failing = (await shelf.StartAsync()).Id;
        (await server.PostAsync($"/api/v1/runs/{failing}/inputs", """{"artifact":"train_data.csv:v0"}""")).Dispose();
        (await server.PostAsync($"/api/v1/runs/{failing}/updates", """{"summary":{"checks.drift":"failed: psi 0.4"}}""")).Dispose();
        var failed = await ModelShelf.RefusedAsync(await shelf.MoveAsync("v0"), 412);
        Assert.Contains("psi 0.4", failed.Message, StringComparison.Ordinal);

        var passing = (await shelf.StartAsync()).Id;
        (await server.PostAsync($"/api/v1/runs/{passing}/inputs", """{"artifact":"train_data.csv:v0"}""")).Dispose();
        var listed = await ServerFixture.ReadAsync<CheckList>(await server.PostAsync($"/api/v1/runs/{passing}/checks", """{"name":"drift","passed":true,"detail":"psi 0.1"}"""));
        Assert.Equal([new CheckInfo("drift", true, "psi 0.1")], listed.Checks);
        using var accepted = await shelf.MoveAsync("v0");
        Assert.True(accepted.IsSuccessStatusCode, await accepted.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Approvals_of_the_right_people_are_counted_and_an_objection_stops()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        await shelf.SetGateAsync("""{"approvals":2,"approvers":["ann","bob","cy"]}""");
        await shelf.ModelAsync();
        var refusal = await ModelShelf.RefusedAsync(await shelf.MoveAsync("v0"), 412);
        Assert.Contains("v0 has 0 of 2 approvals", refusal.Message, StringComparison.Ordinal);
        await ApproveAsync("ann", "approve");
        await ApproveAsync("eva", "approve");
        await ApproveAsync("cy", "object");
        Assert.Contains("cy objects", (await ModelShelf.RefusedAsync(await shelf.MoveAsync("v0"), 412)).Message, StringComparison.Ordinal);
        await ApproveAsync("cy", "withdraw");
        await ModelShelf.RefusedAsync(await shelf.MoveAsync("v0"), 412);
        var approvals = await ApproveAsync("bob", "approve");
        Assert.Equal(["ann", "eva", "bob"], approvals.Approvals.Select(approval => approval.Who));
        using var accepted = await shelf.MoveAsync("v0");
        Assert.True(accepted.IsSuccessStatusCode, await accepted.Content.ReadAsStringAsync());

        async Task<ApprovalList> ApproveAsync(string who, string verdict) => await ServerFixture.ReadAsync<ApprovalList>(
            await server.PostAsync($"/api/v1/artifacts/{shelf.Id}/model/versions/v0/approvals", $$"""{"alias":"prod","who":"{{who}}","verdict":"{{verdict}}"}"""));
    }

    [Fact]
    public async Task A_rollback_goes_one_holder_back_each_time_past_the_gate_and_twice_asked_is_once_done()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        for (var i = 0; i < 3; i++)
        {
            await shelf.ModelAsync();
            (await shelf.MoveAsync($"v{i.ToString(CultureInfo.InvariantCulture)}")).Dispose();
        }

        await shelf.SetGateAsync("""{"when":"metrics.mae < 0"}""");
        for (var twice = 0; twice < 2; twice++)
        {
            var change = await RollAsync("""{"expect":"v2","who":"eva","why":"too slow"}""");
            Assert.Equal(("v2", "v1", "too slow"), (change.From, change.To, change.Why));
        }

        Assert.Equal("v1", await shelf.HolderAsync());
        Assert.Equal("v0", (await RollAsync("{}")).To);
        var end = await ModelShelf.RefusedAsync(await server.PostAsync(Path(), "{}"), 412);
        Assert.Contains("no holder before v0", end.Message, StringComparison.Ordinal);
        await ModelShelf.RefusedAsync(await server.PostAsync(Path(), """{"expect":"v2"}"""), 409);
        Assert.Equal(["rolled_back", "rolled_back"], (await shelf.DecisionsAsync()).Take(2).Select(decision => decision.Outcome));

        string Path() => $"/api/v1/artifacts/{shelf.Id}/model/aliases/prod/rollback";
        async Task<AliasChange> RollAsync(string json) => await ServerFixture.ReadAsync<AliasChange>(await server.PostAsync(Path(), json));
    }

    [Fact]
    public async Task Of_two_promotions_at_once_the_second_is_compared_with_the_first()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        await shelf.SetGateAsync("""{"when":"metrics.mae < prod.metrics.mae"}""");
        await shelf.DataAsync("days");
        const int models = 12;
        for (var i = 0; i < models; i++)
        {
            await shelf.ModelAsync();
            await shelf.EvaluateAsync($"model:v{i.ToString(CultureInfo.InvariantCulture)}", "test_data.csv:v0", $$"""{"mae":{{(models - (i * 7 % models)).ToString(CultureInfo.InvariantCulture)}}}""");
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, models).Select(i => shelf.MoveAsync($"v{i.ToString(CultureInfo.InvariantCulture)}")));
        Assert.All(answers, answer => Assert.True((int)answer.StatusCode is 200 or 412));
        foreach (var answer in answers)
        {
            answer.Dispose();
        }

        // Whatever came first, the best one holds it in the end, and every accepted move went downwards.
        var accepted = (await shelf.DecisionsAsync()).Where(decision => decision.Outcome == "accepted").Reverse().Select(decision => decision.Verdict!.Candidate.Metrics["mae"]).ToList();
        Assert.Equal(accepted.OrderDescending(), accepted);
        Assert.Equal(1, accepted[^1]);
        var detail = await server.GetAsync<ArtifactDetail>($"/api/v1/artifacts/{shelf.Id}/model");
        Assert.Single(detail.Versions, version => version.Aliases.Contains("prod"));
    }

    /// <summary>Any order of promotions, removals and rollbacks, against a few lines that say what must come of it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task At_most_one_version_holds_the_alias_and_it_is_the_right_one_whatever_is_asked_for(int seed)
    {
        const int models = 8;
        var shelf = await ModelShelf.CreateAsync(server);
        await shelf.SetGateAsync("""{"when":"metrics.mae < prod.metrics.mae"}""");
        await shelf.DataAsync("days");
        double[] mae = [5, 3, 8, 3, 1, 7, 2, 6];
        for (var i = 0; i < models; i++)
        {
            await shelf.ModelAsync();
            await shelf.EvaluateAsync(Label(i), "test_data.csv:v0", $$"""{"mae":{{mae[i].ToString(CultureInfo.InvariantCulture)}}}""");
        }

        var random = new Random(seed);
        int? holder = null;
        var stack = new List<int>();
        for (var step = 0; step < 120; step++)
        {
            var kind = random.Next(10);
            if (kind < 7)
            {
                var to = random.Next(models);
                var last = holder ?? (stack.Count > 0 ? stack[^1] : null);
                var passes = holder == to || last is null || last == to || mae[to] < mae[last.Value];
                using var answer = await shelf.MoveAsync(Label(to)[6..]);
                Assert.Equal(passes ? 200 : 412, (int)answer.StatusCode);
                if (passes && holder != to)
                {
                    holder = to;
                    stack.Add(to);
                }
            }
            else if (kind == 7)
            {
                using var answer = await server.Http.DeleteAsync(new Uri($"/api/v1/artifacts/{shelf.Id}/model/aliases/prod", UriKind.Relative));
                Assert.Equal(holder is null ? 404 : 200, (int)answer.StatusCode);
                holder = null;
            }
            else
            {
                var at = stack.FindLastIndex(version => version != holder);
                using var answer = await server.PostAsync($"/api/v1/artifacts/{shelf.Id}/model/aliases/prod/rollback", "{}");
                Assert.Equal(at < 0 ? 412 : 200, (int)answer.StatusCode);
                if (at >= 0)
                {
                    holder = stack[at];
                    stack.RemoveRange(stack.LastIndexOf(holder.Value), stack.Count - stack.LastIndexOf(holder.Value));
                    stack.Add(holder.Value);
                }
            }

            var detail = await server.GetAsync<ArtifactDetail>($"/api/v1/artifacts/{shelf.Id}/model");
            Assert.Equal(holder is { } held ? [Label(held)[6..]] : [], detail.Versions.Where(version => version.Aliases.Contains("prod")).Select(version => version.Version));
        }

        static string Label(int index) => $"model:v{index.ToString(CultureInfo.InvariantCulture)}";
    }

    [Fact]
    public async Task The_same_refusal_twice_is_one_decision_and_the_preview_says_the_same_without_any()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        await shelf.SetGateAsync("""{"when":"metrics.mae < 1"}""");
        await shelf.ModelAsync();
        var verdict = await server.GetAsync<VerdictInfo>($"/api/v1/artifacts/{shelf.Id}/model/gates/prod/verdict?version=v0");
        Assert.False(verdict.Passed);
        Assert.Single(await shelf.DecisionsAsync());
        await ModelShelf.RefusedAsync(await shelf.MoveAsync("v0"), 412);
        await ModelShelf.RefusedAsync(await shelf.MoveAsync("v0"), 412);
        Assert.Equal(["refused", "gate_set"], (await shelf.DecisionsAsync()).Select(decision => decision.Outcome));
    }

    [Fact]
    public async Task A_gate_can_be_tried_on_a_version_before_it_is_set_and_nothing_of_it_is_kept()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        await shelf.ModelAsync();
        var path = $"/api/v1/artifacts/{shelf.Id}/model/gates/prod/verdict?version=v0";
        var verdict = await ServerFixture.ReadAsync<VerdictInfo>(await server.PostAsync(path, """{"when":"metrics.mae < 1","approvals":1}"""));
        Assert.Equal([("when", false), ("approval", false)], verdict.Conditions.Select(condition => (condition.Kind, condition.Passed)));
        Assert.Empty((await server.GetAsync<GateList>($"/api/v1/artifacts/{shelf.Id}/model/gates")).Gates);
        Assert.Empty(await shelf.DecisionsAsync());

        // The gate that is set is not asked.
        await shelf.SetGateAsync("""{"when":"metrics.mae < 1"}""");
        verdict = await ServerFixture.ReadAsync<VerdictInfo>(await server.PostAsync(path, """{"when":"1 < 2"}"""));
        Assert.True(verdict.Passed);
        await ModelShelf.RefusedAsync(await server.PostAsync($"/api/v1/artifacts/{shelf.Id}/model/gates/prod/verdict?version=v9", """{"when":"1 < 2"}"""), 404);
    }

    [Fact]
    public async Task A_promotion_that_lacks_only_approvals_waits_on_the_first_page_until_it_is_made_or_out_of_place()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        await shelf.ModelAsync();
        await shelf.ModelAsync();
        await shelf.SetGateAsync("""{"when":"1 < 2","approvals":1,"approvers":["ann"]}""");
        Assert.Empty(await WaitingAsync());
        await ModelShelf.RefusedAsync(await shelf.MoveAsync("v1", extra: ""","who":"bob","why":"better" """), 412);
        var waiting = Assert.Single(await WaitingAsync());
        Assert.Equal(("model", "v1", "prod", "1 approval of ann", "bob", "better"), (waiting.Artifact, waiting.Version, waiting.Alias, waiting.Wants, waiting.Who, waiting.Why));

        // Another condition that fails is no matter of people's word.
        await shelf.SetGateAsync("""{"when":"2 < 1","approvals":1}""");
        Assert.Empty(await WaitingAsync());
        await ModelShelf.RefusedAsync(await shelf.MoveAsync("v1"), 412);
        Assert.Empty(await WaitingAsync());

        await shelf.SetGateAsync("""{"approvals":1}""");
        await ModelShelf.RefusedAsync(await shelf.MoveAsync("v0"), 412);
        Assert.Equal("v0", Assert.Single(await WaitingAsync()).Version);
        using (var approved = await server.PostAsync($"/api/v1/artifacts/{shelf.Id}/model/versions/v0/approvals", """{"alias":"prod","who":"ann"}"""))
        {
            approved.EnsureSuccessStatusCode();
        }

        using var moved = await shelf.MoveAsync("v0");
        moved.EnsureSuccessStatusCode();
        Assert.Empty(await WaitingAsync());

        async Task<List<WaitingPromotion>> WaitingAsync() =>
            [.. (await server.GetAsync<HomeInfo>("/api/v1/home")).Waiting.Where(one => one.ExperimentId == shelf.Id)];
    }

    public static TheoryData<string, string, string> BadGates => new()
    {
        { "a condition that stops", """{"when":"metrics.mae <"}""", "when" },
        { "a condition that is a number", """{"when":"metrics.mae"}""", "when" },
        { "a single sign of equality", """{"when":"metrics.mae = 1"}""", "when" },
        { "a chain", """{"when":"1 < metrics.mae < 2"}""", "when" },
        { "another alias", """{"when":"metrics.mae < staging.metrics.mae"}""", "when" },
        { "a call", """{"when":"max(metrics.mae)"}""", "when" },
        { "a comparison of comparisons", """{"when":"(metrics.a < 1) < 2"}""", "when" },
        { "logic of numbers", """{"when":"metrics.a && metrics.b < 1"}""", "when" },
        { "too deep", $$"""{"when":"{{new string('(', 200)}}metrics.a < 1{{new string(')', 200)}}"}""", "when" },
        { "too long", $$"""{"when":"metrics.a < {{new string('1', 3000)}}"}""", "when" },
        { "nothing", "{}", "when" },
        { "approvals below zero", """{"approvals":-1}""", "approvals" },
        { "approvals that are a word", """{"approvals":"two"}""", "approvals" },
        { "more approvals than approvers", """{"approvals":2,"approvers":["ann"]}""", "approvers" },
        { "an empty approver", """{"approvers":[" "]}""", "approvers[0]" },
        { "a check that is null", """{"checks":[null]}""", "checks[0]" },
        { "a check with a line end", """{"checks":["a\nb"]}""", "checks[0]" },
        { "a stage that is none", """{"when":"metrics.a < 1","stage":"Best"}""", "stage" },
        { "data with a slash", """{"when":"metrics.a < 1","data":"a/b"}""", "data" },
    };

    [Theory]
    [MemberData(nameof(BadGates))]
    public async Task A_bad_gate_is_refused_with_its_field(string what, string json, string field)
    {
        var shelf = await ModelShelf.CreateAsync(server);
        var refusal = await ModelShelf.RefusedAsync(await shelf.PutAsync($"/api/v1/artifacts/{shelf.Id}/model/gates/prod", json), 400);
        Assert.True(refusal.Field == field, $"{what}: {refusal.Field}: {refusal.Message}");
        refusal = await ModelShelf.RefusedAsync(await server.PostAsync($"/api/v1/artifacts/{shelf.Id}/model/gates/prod/verdict?version=v0", json), 400);
        Assert.True(refusal.Field == field, $"{what}, tried: {refusal.Field}: {refusal.Message}");
        Assert.Empty((await server.GetAsync<GateList>($"/api/v1/artifacts/{shelf.Id}/model/gates")).Gates);
    }

    [Fact]
    public async Task Bad_requests_around_gates_name_what_is_wrong()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        await shelf.ModelAsync();
        Assert.Equal("alias", (await ModelShelf.RefusedAsync(await shelf.PutAsync($"/api/v1/artifacts/{shelf.Id}/model/gates/latest", """{"when":"metrics.a < 1"}"""), 400)).Field);
        Assert.Equal("alias", (await ModelShelf.RefusedAsync(await shelf.PutAsync($"/api/v1/artifacts/{shelf.Id}/model/gates/v1", """{"when":"metrics.a < 1"}"""), 400)).Field);
        await ModelShelf.RefusedAsync(await shelf.PutAsync("/api/v1/artifacts/987654/model/gates/prod", """{"when":"metrics.a < 1"}"""), 404);
        await ModelShelf.RefusedAsync(await server.Http.GetAsync(new Uri($"/api/v1/artifacts/{shelf.Id}/model/gates/prod", UriKind.Relative)), 404);
        await ModelShelf.RefusedAsync(await server.Http.DeleteAsync(new Uri($"/api/v1/artifacts/{shelf.Id}/model/gates/prod", UriKind.Relative)), 404);
        await ModelShelf.RefusedAsync(await server.Http.GetAsync(new Uri($"/api/v1/artifacts/{shelf.Id}/model/gates/prod/verdict?version=v0", UriKind.Relative)), 404);
        Assert.Equal("who", (await ModelShelf.RefusedAsync(await server.PostAsync($"/api/v1/artifacts/{shelf.Id}/model/versions/v0/approvals", """{"alias":"prod","who":" "}"""), 400)).Field);
        Assert.Equal("verdict", (await ModelShelf.RefusedAsync(await server.PostAsync($"/api/v1/artifacts/{shelf.Id}/model/versions/v0/approvals", """{"alias":"prod","who":"a","verdict":"maybe"}"""), 400)).Field);
        await ModelShelf.RefusedAsync(await server.PostAsync($"/api/v1/artifacts/{shelf.Id}/model/versions/v9/approvals", """{"alias":"prod","who":"a"}"""), 404);
        Assert.Equal("expect", (await ModelShelf.RefusedAsync(await server.PostAsync($"/api/v1/artifacts/{shelf.Id}/model/aliases/prod/rollback", """{"expect":"best"}"""), 400)).Field);
        Assert.Equal("limit", (await ModelShelf.RefusedAsync(await server.Http.GetAsync(new Uri($"/api/v1/artifacts/{shelf.Id}/model/decisions?limit=0", UriKind.Relative)), 400)).Field);
        var run = (await shelf.StartAsync()).Id;
        Assert.Equal("name", (await ModelShelf.RefusedAsync(await server.PostAsync($"/api/v1/runs/{run}/checks", """{"name":"","passed":true}"""), 400)).Field);
        Assert.Equal("passed", (await ModelShelf.RefusedAsync(await server.PostAsync($"/api/v1/runs/{run}/checks", """{"name":"a","passed":"yes"}"""), 400)).Field);
    }
}
