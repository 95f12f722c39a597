using System.Text.Json.Nodes;
using Cairn.Mlflow.ModelFiles;

namespace Cairn.Mlflow.Tests;

public sealed class ModelFileTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    private const string Text =
        """
        flavors:
          python_function:
            env: {conda: conda.yaml}
            loader_module: mlflow.sklearn
          sklearn:
            code: null
            pickled_model: model.pkl
        mlflow_version: 2.21.0
        model_size_bytes: 572
        saved_input_example_info:
          artifact_path: input_example.json
        signature:
          inputs: '[{"type": "double", "name": "size", "required": true}, {"type": "array", "items":
            {"type": "string"}, "name": "tags", "required": false}]'
          outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1, 4]}}]'
          params: '[{"name": "top", "dtype": "long", "default": 3, "shape": null}]'
        metadata:
          team: {lead: ada}
        """;

    [Fact]
    public void Flavours_signature_and_example_are_read()
    {
        var file = ModelFileReader.Read(Text)!;
        Assert.Equal(["python_function", "sklearn"], file.Flavors.Select(flavor => flavor.Name));
        Assert.Equal("conda.yaml", file.Flavors[0].Facts["env.conda"]);
        Assert.Equal(["size double required", "tags array(string) optional"], file.Signature!.Inputs!.Select(field => $"{field.Name} {field.Type} {(field.Required ? "required" : "optional")}"));
        Assert.Equal(("tensor(int64)", "(-1, 4)"), (file.Signature.Outputs![0].Type, file.Signature.Outputs[0].Shape));
        Assert.Equal(("long", "3"), (file.Signature.Params![0].Type, file.Signature.Params[0].Default));
        Assert.Equal(("input_example.json", "2.21.0", 572L, "ada"), (file.InputExample, file.MlflowVersion, file.Size, file.Metadata["team.lead"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("just text")]
    [InlineData("flavors: [a, b]")]
    [InlineData("flavors: {a: !!python/object/apply:os.system [id]}")]
    [InlineData("!!python/object:x {flavors: {}}")]
    [InlineData("flavors: &a {x: 1}\nother: *a")]
    [InlineData("flavors: {a: {b: ")]
    public void What_is_no_model_file_or_names_types_is_left_alone(string text) => Assert.Null(ModelFileReader.Read(text));

    [Fact]
    public void A_signature_that_cannot_be_read_does_not_hide_the_rest()
    {
        var file = ModelFileReader.Read("flavors: {f: {}}\nsignature: {inputs: 'not json', outputs: '{}'}")!;
        Assert.Null(file.Signature);
        Assert.Single(file.Flavors);
        Assert.Null(ModelFileReader.Read("flavors: " + string.Concat(Enumerable.Repeat("{a: ", 5000))));
    }

    [Fact]
    public async Task The_pages_learn_of_models_of_runs_and_of_versions()
    {
        var experiment = await server.NewExperimentAsync();
        var run = await server.NewRunAsync(experiment);
        (await server.SendAsync("PUT", $"api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/model/MLmodel", Text, "application/octet-stream")).Expect(200);
        var models = (await server.SendAsync("GET", $"api/v1/runs/{run}/models")).Expect(200)["models"]!.AsArray();
        Assert.Equal(("model", "model/input_example.json"), ((string)models[0]!["path"]!, (string)models[0]!["inputExample"]!));

        var name = $"model-{Guid.NewGuid():N}";
        await server.DoAsync("registered-models/create", new JsonObject { ["name"] = name, ["tags"] = new JsonArray(new JsonObject { ["key"] = "team", ["value"] = "a" }) });
        await server.DoAsync("model-versions/create", new JsonObject { ["name"] = name, ["source"] = $"mlflow-artifacts:/{experiment}/{run}/artifacts/model", ["run_id"] = run });
        await server.DoAsync("model-versions/transition-stage", new JsonObject { ["name"] = name, ["version"] = "1", ["stage"] = "Production" });
        var artifact = (await server.SendAsync("GET", $"api/v1/artifacts/{experiment}/{name}")).Expect(200)["model"]!;
        Assert.Equal((name, "a", "v0"), ((string)artifact["name"]!, (string)artifact["tags"]!["team"]!, (string)artifact["stages"]!["Production"]!));
        var version = (await server.SendAsync("GET", $"api/v1/artifacts/{experiment}/{name}/versions/latest")).Expect(200);
        Assert.Equal((1, "Production"), ((int)version["model"]!["number"]!, (string)version["model"]!["stage"]!));
        Assert.Equal("size", (string)version["loggedModel"]!["signature"]!["inputs"]![0]!["name"]!);
    }

    [Fact]
    public async Task A_version_of_a_logged_model_is_loaded_from_there_and_noted_on_it()
    {
        var experiment = await server.NewExperimentAsync();
        var run = await server.NewRunAsync(experiment);
        var model = (string)(await server.DoAsync("logged-models", new JsonObject { ["experiment_id"] = experiment, ["source_run_id"] = run }))["model"]!["info"]!["model_id"]!;
        var name = $"model-{Guid.NewGuid():N}";
        await server.DoAsync("registered-models/create", new JsonObject { ["name"] = name });
        for (var i = 1; i <= 2; i++)
        {
            var version = (await server.DoAsync("model-versions/create", new JsonObject { ["name"] = name, ["source"] = $"models:/{model}", ["model_id"] = model }))["model_version"]!;
            Assert.Equal(run, (string)version["run_id"]!);
        }

        Assert.Equal(
            $"mlflow-artifacts:/{experiment}/models/{model}/artifacts",
            (string)(await server.GetAsync($"model-versions/get-download-uri?name={name}&version=1")).Expect(200)["artifact_uri"]!);
        var tags = (await server.GetAsync($"logged-models/{model}")).Expect(200)["model"]!["info"]!["tags"]!.AsArray();
        Assert.Equal(
            $$"""[{"name": "{{name}}", "version": 1}, {"name": "{{name}}", "version": 2}]""",
            (string)tags.Single(tag => (string)tag!["key"]! == "mlflow.modelVersions")!["value"]!);
    }
}
