using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>Traces in both forms of MLflow's protocol, spans over OTLP, search and assessments.</summary>
public sealed class TraceTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    private static int traces;

    [Fact]
    public async Task An_old_client_starts_and_ends_a_trace()
    {
        var experiment = await server.NewExperimentAsync();
        var started = (await server.DoAsync("traces", JsonNode.Parse(
            $$"""{"experiment_id":"{{experiment}}","timestamp_ms":1000,"request_metadata":[{"key":"m1","value":"apple"},{"key":"m2","value":"grape"}],"tags":[{"key":"t1","value":"a"}]}""")!))["trace_info"]!;
        var id = (string)started["request_id"]!;
        Assert.Equal("IN_PROGRESS", (string)started["status"]!);
        Assert.Equal(0, (int)started["execution_time_ms"]!);
        (await server.SendAsync("PATCH", $"api/2.0/mlflow/traces/{id}", """{"timestamp_ms":3000,"status":"OK","request_metadata":[{"key":"m1","value":"orange"}],"tags":[{"key":"t2","value":"b"}]}""")).Expect(200);
        var expected = JsonNode.Parse(
            $$"""
            {"trace_info":{"request_id":"{{id}}","experiment_id":"{{experiment}}","timestamp_ms":1000,"execution_time_ms":2000,"status":"OK",
             "request_metadata":[{"key":"m1","value":"orange"},{"key":"m2","value":"grape"}],
             "tags":[{"key":"mlflow.artifactLocation","value":"mlflow-artifacts:/{{experiment}}/traces/{{id}}/artifacts"},{"key":"t1","value":"a"},{"key":"t2","value":"b"}]} }
            """);
        Assert.Null(JsonDifference.Find(expected, (await server.GetAsync($"traces/{id}/info")).Expect(200)));
        var found = (await server.GetAsync($"traces?experiment_ids={experiment}&filter=tags.t1%20%3D%20'a'")).Expect(200);
        Assert.Equal(id, (string)found["traces"]![0]!["request_id"]!);
    }

    [Fact]
    public async Task A_trace_comes_back_as_it_was_started_and_the_same_again_changes_nothing()
    {
        var experiment = await server.NewExperimentAsync();
        var id = NewId();
        var body = Start(experiment, id, more: """,{"x":1}""");
        for (var i = 0; i < 2; i++)
        {
            var answer = (await server.SendAsync("POST", "api/3.0/mlflow/traces", body)).Expect(200);
            var expected = JsonNode.Parse(
                $$$$"""
                {"trace":{"trace_info":{"trace_id":"{{{{id}}}}","trace_location":{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{"experiment_id":"{{{{experiment}}}}"}},
                 "request_time":"2026-11-23T16:12:26.796Z","execution_duration":"1.500s","state":"OK","trace_metadata":{"mlflow.user":"root"},
                 "tags":{"mlflow.traceName":"f","mlflow.artifactLocation":"mlflow-artifacts:/{{{{experiment}}}}/traces/{{{{id}}}}/artifacts","mlflow.trace.spansLocation":"TRACKING_STORE"},
                 "request_preview":"{\"x\": 1}","response_preview":"2"}}}
                """);
            Assert.Null(JsonDifference.Find(expected, answer));
            Assert.Null(JsonDifference.Find(expected, (await server.SendAsync("GET", $"api/3.0/mlflow/traces/{id}")).Expect(200)));
        }
    }

    [Fact]
    public async Task Spans_come_by_otlp_before_or_after_their_trace_and_are_read_back()
    {
        var experiment = await server.NewExperimentAsync();
        var id = NewId();
        var root = OtlpMessage.Span(id[3..], "00000000000000a1", null, "whole", 1_000_000_000, 3_000_000_000, 1,
            ("mlflow.spanInputs", OtlpMessage.Of(("q", OtlpMessage.Of("wo?")))), ("mlflow.spanType", OtlpMessage.Of("CHAIN")),
            ("mlflow.chat.tokenUsage", OtlpMessage.Of(("input_tokens", OtlpMessage.Of(3)), ("output_tokens", OtlpMessage.Of(4)), ("total_tokens", OtlpMessage.Of(7)))));
        var part = OtlpMessage.Span(id[3..], "00000000000000a2", "00000000000000a1", "part é", 1_500_000_000, 2_000_000_000, 2, ("n", OtlpMessage.Of(5)));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(200, (await ExportAsync(experiment, OtlpMessage.Request(part, root))).Status);
        }

        var trace = (await server.SendAsync("GET", $"api/3.0/mlflow/traces/batchGet?trace_ids={id}")).Expect(200)["traces"]![0]!;
        Assert.Equal("OK", (string)trace["trace_info"]!["state"]!);
        Assert.Equal("2s", (string)trace["trace_info"]!["execution_duration"]!);
        Assert.Equal("""{"q": "wo?"}""", (string)trace["trace_info"]!["request_preview"]!);
        Assert.Equal("""{"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}""", (string)trace["trace_info"]!["trace_metadata"]!["mlflow.trace.tokenUsage"]!);
        Assert.Equal(["whole", "part é"], trace["spans"]!.AsArray().Select(span => (string)span!["name"]!));
        Assert.Equal("5", (string)trace["spans"]![1]!["attributes"]!.AsArray().Single(attribute => (string)attribute!["key"]! == "n")!["value"]!["int_value"]!);

        var file = await server.SendAsync("GET", $"ajax-api/2.0/mlflow/get-trace-artifact?request_id={id}");
        Assert.Equal("attachment; filename=traces.json", file.Headers["Content-Disposition"]);
        var span = file.Expect(200)["spans"]![0]!;
        Assert.Equal("\"CHAIN\"", (string)span["attributes"]!["mlflow.spanType"]!);
        Assert.Equal("STATUS_CODE_OK", (string)span["status"]!["code"]!);
    }

    [Fact]
    public async Task A_trace_with_fewer_spans_than_it_says_is_not_shown_yet()
    {
        var experiment = await server.NewExperimentAsync();
        var id = NewId();
        (await server.SendAsync("POST", "api/3.0/mlflow/traces", Start(experiment, id).Replace("\"mlflow.user\":\"root\"", "\"mlflow.trace.sizeStats\":\"{\\\"num_spans\\\": 1}\"", StringComparison.Ordinal))).Expect(200);
        Assert.Null((await server.SendAsync("GET", $"api/3.0/mlflow/traces/batchGet?trace_ids={id}")).Expect(200)["traces"]);
        await ExportAsync(experiment, OtlpMessage.Request(OtlpMessage.Span(id[3..], "00000000000000a1", null, "s", 1, 2)));
        Assert.Single((await server.SendAsync("GET", $"api/3.0/mlflow/traces/batchGet?trace_ids={id}")).Expect(200)["traces"]!.AsArray());
    }

    [Fact]
    public async Task Spans_that_a_client_wrote_as_a_file_are_read_from_it()
    {
        var experiment = await server.NewExperimentAsync();
        var id = NewId();
        (await server.SendAsync("POST", "api/3.0/mlflow/traces", Start(experiment, id))).Expect(200);
        (await server.SendAsync("PUT", $"api/2.0/mlflow-artifacts/artifacts/{experiment}/traces/{id}/artifacts/traces.json",
            """{"spans":[{"trace_id":"ALp/m+nk+U2UkmV0WJXevg==","span_id":"ntGpo7PzqXY=","parent_span_id":null,"name":"f","start_time_unix_nano":1,"end_time_unix_nano":2,"events":[],"status":{"code":"STATUS_CODE_OK","message":""},"attributes":{"k":"\"v\""}}]}""", "text/plain")).Expect(200);
        var trace = (await server.SendAsync("GET", $"api/3.0/mlflow/traces/batchGet?trace_ids={id}")).Expect(200)["traces"]![0]!;
        Assert.Equal("v", (string)trace["spans"]![0]!["attributes"]![0]!["value"]!["string_value"]!);
        Assert.Equal("f", (string)(await server.SendAsync("GET", $"api/2.0/mlflow/get-trace-artifact?request_id={id}")).Expect(200)["spans"]![0]!["name"]!);
    }

    [Theory]
    [InlineData("status = 'OK'", 2)]
    [InlineData("trace.status != 'OK'", 0)]
    [InlineData("name LIKE 'f%'", 2)]
    [InlineData("tags.env = 'prod'", 1)]
    [InlineData("metadata.`mlflow.user` = 'root'", 2)]
    [InlineData("execution_time_ms >= 1500", 2)]
    [InlineData("timestamp > 1", 2)]
    [InlineData("trace.text ILIKE '%VALUE1%'", 1)]
    [InlineData("span.name = 'whole'", 1)]
    [InlineData("span.type IN ('LLM', 'CHAIN')", 1)]
    [InlineData("span.attributes.model = 'gpt'", 1)]
    [InlineData("span.attributes.model LIKE '%pt%'", 1)]
    [InlineData("span.attributes.model RLIKE '^g.t$'", 1)]
    [InlineData("feedback.good = 'true'", 1)]
    [InlineData("expectation.answer LIKE '%42%'", 1)]
    [InlineData("request_id IN ('none')", 0)]
    public async Task A_search_finds_what_its_filter_says(string filter, int count)
    {
        var experiment = await server.NewExperimentAsync();
        var (first, second) = (NewId(), NewId());
        foreach (var id in new[] { first, second })
        {
            (await server.SendAsync("POST", "api/3.0/mlflow/traces", Start(experiment, id))).Expect(200);
        }

        (await server.SendAsync("PATCH", $"api/3.0/mlflow/traces/{first}/tags", """{"key":"env","value":"prod"}""")).Expect(200);
        await ExportAsync(experiment, OtlpMessage.Request(OtlpMessage.Span(first[3..], "00000000000000a1", null, "whole", 1_795_450_346_796_000_000, 1_795_450_346_896_000_000, 1,
            ("a", OtlpMessage.Of("value1")), ("model", OtlpMessage.Of("gpt")), ("mlflow.spanType", OtlpMessage.Of("LLM")))));
        await AssessAsync(first, """{"assessment_name":"good","feedback":{"value":true},"source":{"source_type":"HUMAN","source_id":"me"}}""");
        await AssessAsync(first, """{"assessment_name":"answer","expectation":{"value":"it is 42"},"source":{"source_type":"CODE","source_id":"t"}}""");
        Assert.Equal(count, (await SearchAsync(experiment, filter)).Count);
    }

    [Fact]
    public async Task Traces_of_a_run_are_those_that_say_so_and_those_linked_to_it()
    {
        var experiment = await server.NewExperimentAsync();
        var run = await server.NewRunAsync(experiment);
        var (said, linked, other) = (NewId(), NewId(), NewId());
        (await server.SendAsync("POST", "api/3.0/mlflow/traces", Start(experiment, said).Replace("mlflow.user", "mlflow.sourceRun", StringComparison.Ordinal).Replace("\"root\"", $"\"{run}\"", StringComparison.Ordinal))).Expect(200);
        foreach (var id in new[] { linked, other })
        {
            (await server.SendAsync("POST", "api/3.0/mlflow/traces", Start(experiment, id))).Expect(200);
        }

        for (var i = 0; i < 2; i++)
        {
            await server.DoAsync("traces/link-to-run", new JsonObject { ["trace_ids"] = new JsonArray(linked), ["run_id"] = run });
        }

        Assert.Equal(new[] { said, linked }.Order(StringComparer.Ordinal), (await SearchAsync(experiment, $"attribute.run_id = '{run}'")).Order(StringComparer.Ordinal));
        (await server.PostAsync("traces/link-to-run", new JsonObject { ["trace_ids"] = new JsonArray([.. Enumerable.Range(0, 101).Select(i => (JsonNode)$"t{i}")]), ["run_id"] = run }))
            .Refuses("Cannot link more than 100 traces to a run in a single request. Provided 101 traces.");
    }

    [Theory]
    [InlineData("invalid.filter = 'x'", "Invalid entity type 'invalid'…")]
    [InlineData("nothing = 'x'", "Invalid attribute key 'nothing' specified…")]
    [InlineData("span.content = 'x'", "span.content comparator '=' not one of…")]
    [InlineData("span.size = 'x'", "Invalid span attribute 'size'…")]
    [InlineData("name RLIKE '['", "The pattern after RLIKE cannot be used…")]
    [InlineData("timestamp = 'x'", "Expected numeric value type for numeric attribute…")]
    [InlineData("tags.a IN ('x')", "Invalid comparator 'IN'…")]
    [InlineData("name IN ('x', 'y')", "Invalid comparator 'IN'…")]
    [InlineData("status = 'OK' OR status = 'ERROR'", "Invalid clause(s) in filter string…")]
    public async Task A_filter_that_means_nothing_is_refused(string filter, string message) =>
        (await server.SendAsync("POST", "api/3.0/mlflow/traces/search", Search("0", filter).ToJsonString())).Refuses(message);

    [Fact]
    public async Task Pages_follow_each_other_and_sizes_have_limits()
    {
        var experiment = await server.NewExperimentAsync();
        for (var i = 0; i < 3; i++)
        {
            (await server.SendAsync("POST", "api/3.0/mlflow/traces", Start(experiment, NewId()))).Expect(200);
        }

        var body = Search(experiment, "");
        body["max_results"] = 2;
        var first = (await server.SendAsync("POST", "api/3.0/mlflow/traces/search", body.ToJsonString())).Expect(200);
        body["page_token"] = (string)first["next_page_token"]!;
        var second = (await server.SendAsync("POST", "api/3.0/mlflow/traces/search", body.ToJsonString())).Expect(200);
        Assert.Equal((2, 1), (first["traces"]!.AsArray().Count, second["traces"]!.AsArray().Count));
        Assert.Null(second["next_page_token"]);
        body["max_results"] = 501;
        (await server.SendAsync("POST", "api/3.0/mlflow/traces/search", body.ToJsonString())).Refuses("Invalid value 501 for parameter 'max_results' supplied…");
        body["max_results"] = 0;
        (await server.SendAsync("POST", "api/3.0/mlflow/traces/search", body.ToJsonString())).Refuses("Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer");
        (await server.SendAsync("POST", "api/3.0/mlflow/traces/search", "{}")).Refuses("Missing value for required parameter 'locations'…");
        (await server.GetAsync("traces?max_results=50001")).Refuses("Invalid value 50001 for parameter 'max_results' supplied…");
        (await server.GetAsync("traces?max_results=5")).Refuses("Missing value for required parameter 'experiment_ids'…");
    }

    [Fact]
    public async Task Traces_are_deleted_by_age_or_by_name()
    {
        var experiment = await server.NewExperimentAsync();
        var (first, second) = (NewId(), NewId());
        foreach (var id in new[] { first, second })
        {
            (await server.SendAsync("POST", "api/3.0/mlflow/traces", Start(experiment, id))).Expect(200);
        }

        (await server.PostAsync("traces/delete-traces", new JsonObject { ["experiment_id"] = experiment })).Refuses("Either `max_timestamp_millis` or `trace_ids` must be specified.");
        Assert.Equal(1, (int)(await server.DoAsync("traces/delete-traces", new JsonObject { ["experiment_id"] = experiment, ["request_ids"] = new JsonArray(first) }))["traces_deleted"]!);
        (await server.SendAsync("GET", $"api/3.0/mlflow/traces/{first}")).Refuses($"Trace with ID '{first}' not found.", 404, "RESOURCE_DOES_NOT_EXIST");
        Assert.Equal(1, (int)(await server.DoAsync("traces/delete-traces", new JsonObject { ["experiment_id"] = experiment, ["max_timestamp_millis"] = 4_000_000_000_000 }))["traces_deleted"]!);
        Assert.Equal(0, (int)(await server.DoAsync("traces/delete-traces", new JsonObject { ["experiment_id"] = experiment, ["max_timestamp_millis"] = 4_000_000_000_000 }))["traces_deleted"]!);
    }

    [Fact]
    public async Task Files_of_a_deleted_trace_go_with_it_wherever_its_tags_point()
    {
        var experiment = await server.NewExperimentAsync();
        var (doomed, kept) = (NewId(), NewId());
        foreach (var id in new[] { doomed, kept })
        {
            (await server.SendAsync("POST", "api/3.0/mlflow/traces", Start(experiment, id))).Expect(200);
            (await server.SendAsync("PUT", $"api/2.0/mlflow-artifacts/artifacts/{experiment}/traces/{id}/artifacts/traces.json", """{"spans":[]}""", "text/plain")).Expect(200);
        }

        var tag = new JsonObject { ["key"] = "mlflow.artifactLocation", ["value"] = $"mlflow-artifacts:/{experiment}/traces/{kept}/artifacts" };
        (await server.SendAsync("PATCH", $"api/3.0/mlflow/traces/{doomed}/tags", tag.ToJsonString())).Expect(200);
        await server.DoAsync("traces/delete-traces", new JsonObject { ["experiment_id"] = experiment, ["request_ids"] = new JsonArray(doomed) });
        Assert.Equal(404, (await server.SendAsync("GET", $"api/2.0/mlflow-artifacts/artifacts/{experiment}/traces/{doomed}/artifacts/traces.json")).Status);
        Assert.Equal(200, (await server.SendAsync("GET", $"api/2.0/mlflow-artifacts/artifacts/{experiment}/traces/{kept}/artifacts/traces.json")).Status);
    }

    [Theory]
    [InlineData("invalid?tag!name:(", "Invalid value \"invalid?tag!name:(\" for parameter 'key' supplied…")]
    [InlineData("../", "Invalid value \"../\" for parameter 'key' supplied…")]
    public async Task A_tag_of_a_trace_has_the_name_of_a_tag(string key, string message)
    {
        foreach (var path in new[] { "api/2.0/mlflow/traces/tr-none/tags", "api/3.0/mlflow/traces/tr-none/tags" })
        {
            (await server.SendAsync("PATCH", path, new JsonObject { ["key"] = key, ["value"] = "v" }.ToJsonString())).Refuses(message);
            (await server.SendAsync("PATCH", path, new JsonObject { ["key"] = new string('a', 251), ["value"] = "v" }.ToJsonString())).Refuses("'key' exceeds the maximum length of 250 characters");
        }
    }

    [Fact]
    public async Task Traces_of_a_model_are_found_and_their_details_are_a_text_of_json()
    {
        var experiment = await server.NewExperimentAsync();
        var (ofModel, other) = (NewId(), NewId());
        (await server.SendAsync("POST", "api/3.0/mlflow/traces", Start(experiment, ofModel).Replace("\"mlflow.user\":\"root\"", "\"mlflow.modelId\":\"m-1\"", StringComparison.Ordinal))).Expect(200);
        (await server.SendAsync("POST", "api/3.0/mlflow/traces", Start(experiment, other))).Expect(200);
        await ExportAsync(experiment, OtlpMessage.Request(OtlpMessage.Span(ofModel[3..], "00000000000000a1", null, "s", 1, 2)));
        var found = (await server.GetAsync($"unified-traces?model_id=m-1&sql_warehouse_id=w&experiment_ids={experiment}")).Expect(200);
        Assert.Equal([ofModel], found["traces"]!.AsArray().Select(trace => (string)trace!["request_id"]!));
        (await server.GetAsync("unified-traces")).Refuses("Missing value for required parameter 'model_id'…");
        var details = (await server.GetAsync($"get-online-trace-details?trace_id={ofModel}&sql_warehouse_id=w&source_inference_table=t&source_databricks_request_id=r")).Expect(200);
        Assert.Equal("s", (string)JsonNode.Parse((string)details["trace_data"]!)!["spans"]![0]!["name"]!);
        (await server.GetAsync("get-online-trace-details?trace_id=tr-none")).Refuses("Trace with ID 'tr-none' not found.", 404, "RESOURCE_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task Exports_may_be_json()
    {
        var experiment = await server.NewExperimentAsync();
        var id = NewId();
        var export = JsonNode.Parse(
            $$$$"""
            {"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":[{"scope":{"name":"s"},"spans":[
             {"traceId":"{{{{id[3..]}}}}","spanId":"00000000000000A1","name":"whole","kind":1,"startTimeUnixNano":"1000000000","endTimeUnixNano":3000000000,"status":{"code":2,"message":"no"},
              "attributes":[{"key":"n","value":{"intValue":"5"}},{"key":"list","value":{"arrayValue":{"values":[{"boolValue":true},{"doubleValue":0.5}]}}},{"key":"mlflow.spanInputs","value":{"kvlistValue":{"values":[{"key":"q","value":{"stringValue":"wo?"}}]}}}],
              "events":[{"timeUnixNano":"2000000000","name":"e","attributes":[{"key":"b","value":{"bytesValue":"AAE="}}]}]},
             {"traceId":"{{{{id[3..]}}}}","spanId":"00000000000000a2","parentSpanId":"00000000000000a1","name":"part","startTimeUnixNano":"1500000000","endTimeUnixNano":"2000000000"}]}]}]}
            """)!;
        var answer = await ExportAsync(experiment, Encoding.UTF8.GetBytes(export.ToJsonString()), type: "application/json");
        Assert.Equal((200, "{}"), answer);
        var trace = (await server.SendAsync("GET", $"api/3.0/mlflow/traces/batchGet?trace_ids={id}")).Expect(200)["traces"]![0]!;
        Assert.Equal(("ERROR", "2s", """{"q": "wo?"}"""), ((string)trace["trace_info"]!["state"]!, (string)trace["trace_info"]!["execution_duration"]!, (string)trace["trace_info"]!["request_preview"]!));
        Assert.Equal(["whole", "part"], trace["spans"]!.AsArray().Select(span => (string)span!["name"]!));
        Assert.Equal("5", (string)trace["spans"]![0]!["attributes"]!.AsArray().Single(attribute => (string)attribute!["key"]! == "n")!["value"]!["int_value"]!);
        Assert.Equal("e", (string)trace["spans"]![0]!["events"]![0]!["name"]!);
    }

    [Theory]
    [InlineData("no json", "Invalid Content-Type: application/json was announced")]
    [InlineData("""{"resourceSpans":1}""", "'resourceSpans' must be a list of objects.")]
    [InlineData("""{"resourceSpans":[]}""", "no spans found")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"zz","spanId":"00000000000000a1"}]}]}]}""", "'traceId' must be 32 hexadecimal digits.")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"00000000000000000000000000000001","spanId":"00000000000000a1","startTimeUnixNano":"-1"}]}]}]}""", "'startTimeUnixNano' must be nanoseconds since 1970.")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"00000000000000000000000000000001","spanId":"00000000000000a1","attributes":[{"key":"k","value":{"intValue":"x"}}]}]}]}]}""", "'intValue' has the wrong type")]
    public async Task An_export_of_broken_json_is_refused_with_its_fault(string body, string message)
    {
        var experiment = await server.NewExperimentAsync();
        var answer = await ExportAsync(experiment, Encoding.UTF8.GetBytes(body), type: "application/json");
        Assert.Equal(400, answer.Status);
        Assert.Contains(message, answer.Text, StringComparison.Ordinal);
        Assert.Empty(await SearchAsync(experiment, ""));
    }

    [Fact]
    public async Task Two_conditions_that_go_together_correlate()
    {
        var experiment = await server.NewExperimentAsync();
        for (var i = 0; i < 10; i++)
        {
            var id = NewId();
            (await server.SendAsync("POST", "api/3.0/mlflow/traces", Start(experiment, id))).Expect(200);
            (await server.SendAsync("PATCH", $"api/3.0/mlflow/traces/{id}/tags", $$"""{"key":"env","value":"{{(i < 6 ? "prod" : "dev")}}"}""")).Expect(200);
            (await server.SendAsync("PATCH", $"api/3.0/mlflow/traces/{id}/tags", $$"""{"key":"kind","value":"{{(i < 7 ? "tool" : "llm")}}"}""")).Expect(200);
        }

        var found = (await server.SendAsync("POST", "api/3.0/mlflow/traces/calculate-filter-correlation", $$"""{"experiment_ids":["{{experiment}}"],"filter_string1":"tags.env = 'prod'","filter_string2":"tags.kind = 'tool'"}""")).Expect(200);
        Assert.Equal((10, 6, 7, 6), ((int)found["total_count"]!, (int)found["filter1_count"]!, (int)found["filter2_count"]!, (int)found["joint_count"]!));
        Assert.InRange((double)found["npmi"]!, 0.69, 0.70);
        var none = (await server.SendAsync("POST", "api/3.0/mlflow/traces/calculate-filter-correlation", $$"""{"experiment_ids":["{{experiment}}"],"filter_string1":"tags.env = 'none'","filter_string2":"tags.kind = 'tool'"}""")).Expect(200);
        Assert.Equal("NaN", (string)none["npmi"]!);
    }

    [Fact]
    public async Task An_assessment_is_made_changed_overridden_and_removed()
    {
        var id = NewId();
        (await server.SendAsync("POST", "api/3.0/mlflow/traces", Start("0", id))).Expect(200);
        var first = await AssessAsync(id, """{"assessment_name":"quality","feedback":{"value":{"rating":4}},"source":{"source_type":"HUMAN","source_id":"me"},"rationale":"good","metadata":{"a":"1"}}""");
        var path = $"api/3.0/mlflow/traces/{id}/assessments/{first}";
        var changed = (await server.SendAsync("PATCH", path, """{"assessment":{"assessment_name":"q2","feedback":{"value":{"rating":5}},"metadata":{"b":"2"}},"update_mask":"assessmentName,feedback,metadata"}""")).Expect(200)["assessment"]!;
        Assert.Equal(("q2", 5, "good", "1", "2"), ((string)changed["assessment_name"]!, (int)changed["feedback"]!["value"]!["rating"]!, (string)changed["rationale"]!, (string)changed["metadata"]!["a"]!, (string)changed["metadata"]!["b"]!));
        (await server.SendAsync("PATCH", path, """{"assessment":{"expectation":{"value":1}},"update_mask":"expectation"}""")).Refuses("Cannot update expectation value on a Feedback assessment.");

        var second = await AssessAsync(id, $$"""{"assessment_name":"fixed","feedback":{"value":3},"overrides":"{{first}}"}""");
        Assert.False((bool)(await server.SendAsync("GET", path)).Expect(200)["assessment"]!["valid"]!);
        for (var i = 0; i < 2; i++)
        {
            (await server.SendAsync("DELETE", $"api/3.0/mlflow/traces/{id}/assessments/{second}")).Expect(200);
        }

        Assert.True((bool)(await server.SendAsync("GET", path)).Expect(200)["assessment"]!["valid"]!);
        (await server.SendAsync("GET", $"api/3.0/mlflow/traces/{id}/assessments/{second}")).Refuses($"Assessment with ID '{second}' not found for trace '{id}'", 404, "RESOURCE_DOES_NOT_EXIST");
        (await server.SendAsync("POST", $"api/3.0/mlflow/traces/{id}/assessments", """{"assessment":{"assessment_name":"x"}}""")).Refuses("Unknown assessment type…");
        (await server.SendAsync("POST", $"api/3.0/mlflow/traces/{id}/assessments", """{"assessment":{"assessment_name":"x","feedback":{"value":1},"overrides":"a-none"}}""")).Expect(404);
        (await server.SendAsync("POST", "api/3.0/mlflow/traces/tr-none/assessments", """{"assessment":{"assessment_name":"x","feedback":{"value":1}}}""")).Expect(404);
        var serialized = (await server.SendAsync("POST", $"api/3.0/mlflow/traces/{id}/assessments", """{"assessment":{"assessment_name":"e","expectation":{"value":{"a":1}}}}""")).Expect(200)["assessment"]!;
        Assert.Equal("""{"a": 1}""", (string)serialized["expectation"]!["serialized_value"]!["value"]!);
    }

    [Fact]
    public async Task Broken_exports_are_refused_and_leave_nothing()
    {
        var experiment = await server.NewExperimentAsync();
        Assert.Equal(400, (await ExportAsync(experiment, [0xff, 0xff, 0xff])).Status);
        Assert.Equal(400, (await ExportAsync(experiment, [])).Status);
        Assert.Equal(400, (await ExportAsync("none", [0xff])).Status);
        Assert.Equal(422, (await ExportAsync("none", OtlpMessage.Request(OtlpMessage.Span("", "00000000000000a1", null, "no trace", 1, 2)))).Status);
        Assert.Equal(422, (await ExportAsync(experiment, OtlpMessage.Request(OtlpMessage.Span("00ff", "00000000000000a1", null, "short id", 1, 2)))).Status);
        Assert.Equal(404, (await ExportAsync("99999", OtlpMessage.Request(OtlpMessage.Span(NewId()[3..], "00000000000000a1", null, "s", 1, 2)))).Status);
        Assert.Equal(422, (await ExportAsync("", OtlpMessage.Request(OtlpMessage.Span(NewId()[3..], "00000000000000a1", null, "s", 1, 2)))).Status);
        Assert.Empty(await SearchAsync(experiment, ""));
    }

    [Fact]
    public async Task Exports_may_be_compressed_and_come_from_many_at_once()
    {
        var experiment = await server.NewExperimentAsync();
        var id = NewId();
        await Task.WhenAll(Enumerable.Range(1, 20).Select(async i =>
        {
            var message = OtlpMessage.Request(OtlpMessage.Span(id[3..], $"{i:x16}", i == 1 ? null : "0000000000000001", $"s{i}", i * 1_000_000L, (i + 5) * 1_000_000L));
            Assert.Equal(200, (await ExportAsync(experiment, message, gzip: i % 2 == 0)).Status);
        }));
        var trace = (await server.SendAsync("GET", $"api/3.0/mlflow/traces/batchGet?trace_ids={id}")).Expect(200)["traces"]![0]!;
        Assert.Equal(20, trace["spans"]!.AsArray().Count);
        Assert.Equal("0.024s", (string)trace["trace_info"]!["execution_duration"]!);
    }

    private static string NewId() => $"tr-{Interlocked.Increment(ref traces):x32}";

    private static string Start(string experiment, string id, string more = "") =>
        $$$$"""
        {"trace":{"trace_info":{"trace_id":"{{{{id}}}}","trace_location":{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{"experiment_id":"{{{{experiment}}}}"}},
         "request_time":"2026-11-23T16:12:26.796Z","execution_duration":"1.5s","state":"OK","trace_metadata":{"mlflow.user":"root"},"tags":{"mlflow.traceName":"f"},
         "request_preview":"{\"x\": 1}","response_preview":"2"}},"unknown":[1{{{{more}}}}]}
        """;

    private static JsonObject Search(string experiment, string filter) => new()
    {
        ["locations"] = new JsonArray(new JsonObject { ["type"] = "MLFLOW_EXPERIMENT", ["mlflow_experiment"] = new JsonObject { ["experiment_id"] = experiment } }),
        ["filter"] = filter,
    };

    private async Task<List<string>> SearchAsync(string experiment, string filter)
    {
        var found = (await server.SendAsync("POST", "api/3.0/mlflow/traces/search", Search(experiment, filter).ToJsonString())).Expect(200);
        return [.. (found["traces"] as JsonArray ?? []).Select(trace => (string)trace!["trace_id"]!)];
    }

    private async Task<string> AssessAsync(string trace, string assessment) =>
        (string)(await server.SendAsync("POST", $"api/3.0/mlflow/traces/{trace}/assessments", $$"""{"assessment":{{assessment}}}""")).Expect(200)["assessment"]!["assessment_id"]!;

    private async Task<(int Status, string Text)> ExportAsync(string experiment, byte[] body, bool gzip = false, string type = "application/x-protobuf")
    {
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(60) };
        if (gzip)
        {
            using var packed = new MemoryStream();
            await using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
            {
                await stream.WriteAsync(body);
            }

            body = packed.ToArray();
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/traces") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (gzip)
        {
            request.Content.Headers.ContentEncoding.Add("gzip");
        }

        if (experiment.Length > 0)
        {
            request.Headers.Add("x-mlflow-experiment-id", experiment);
        }

        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
