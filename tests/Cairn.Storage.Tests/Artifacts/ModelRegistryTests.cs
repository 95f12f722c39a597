using System.Text;
using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Models;
using Cairn.Core.Runs;
using Cairn.Core.Search;

namespace Cairn.Storage.Tests.Artifacts;

public sealed class ModelRegistryTests
{
    private static readonly Dictionary<string, string> NoTags = [];

    [Fact]
    public async Task A_registered_model_is_an_artifact_of_type_model_and_its_versions_count_from_one()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var registry = Registry(fixture);
        var model = await registry.CreateAsync("price model (2024)", "rents", NoTags, StoreFixture.Timeout);
        Assert.Equal("price_model__2024_", model.Artifact.Key.Name);
        Assert.Equal("model", model.Artifact.Type);
        Assert.Empty(model.LatestVersions);

        var version = await AddAsync(registry, model.Name);
        Assert.Equal((1, "v0"), (version.Number, version.Version.Label));
        Assert.Equal(ModelStage.None, version.Stage);
        Assert.Equal("s3://bucket/model", version.Source);
        Assert.Equal(0, version.Version.FileCount);
        var artifact = Assert.Single(await fixture.Store.Artifacts.ListAsync(null, "model", StoreFixture.Timeout));
        Assert.Equal(0, artifact.Aliases["latest"]);
    }

    [Fact]
    public async Task An_artifact_of_type_model_is_registered_by_whoever_commits_it()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var registry = Registry(fixture);
        await CommitAsync(fixture, new ArtifactKey(ExperimentId.Default, "forest"), "one");
        var version = await registry.GetVersionAsync("forest", 1, StoreFixture.Timeout);
        Assert.Null(version.Source);
        Assert.Equal(1, version.Version.FileCount);
        var refusal = await Assert.ThrowsAsync<CairnException>(() => registry.CreateAsync("forest", null, NoTags, StoreFixture.Timeout));
        Assert.Equal(ErrorCode.AlreadyExists, refusal.Code);
    }

    [Fact]
    public async Task The_same_name_in_another_experiment_is_registered_under_a_name_that_says_so()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var other = await fixture.Store.Runs.CreateExperimentAsync(new NewExperiment("other"), 1, StoreFixture.Timeout);
        await CommitAsync(fixture, new ArtifactKey(ExperimentId.Default, "forest"), "one");
        await CommitAsync(fixture, new ArtifactKey(other.Id, "forest"), "two");
        var names = await Registry(fixture).SearchAsync(new ModelQuery(null, [], WithPrompts: true, 10, 0), StoreFixture.Timeout);
        Assert.Equal(["forest", $"forest~{other.Id}"], names.Select(model => model.Name));
    }

    [Fact]
    public async Task A_model_is_at_home_in_the_experiment_of_its_first_run()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var registry = Registry(fixture);
        var experiment = await fixture.Store.Runs.CreateExperimentAsync(new NewExperiment("rents"), 1, StoreFixture.Timeout);
        var run = await fixture.Journal.CreateAsync(new NewRun(experiment.Id), StoreFixture.Timeout);
        await registry.CreateAsync("forest", null, NoTags, StoreFixture.Timeout);
        var version = await AddAsync(registry, "forest", run.Id.Value);
        Assert.Equal(experiment.Id, version.Version.Key.ExperimentId);
        Assert.Equal(run.Id, version.Version.RunId);
        var edge = Assert.Single(await fixture.Store.Artifacts.ReadEdgesAsync(run.Id, StoreFixture.Timeout));
        Assert.Equal(LineageDirection.Output, edge.Direction);
    }

    [Fact]
    public async Task Files_of_a_run_become_the_manifest_and_stay_when_the_run_loses_them()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var registry = Registry(fixture);
        var run = await fixture.CreateRunAsync();
        var tree = new FileTree(fixture.Store.Files, fixture.Store.Blobs, fixture.Store.Runs, new RunFeed(), TimeProvider.System);
        await tree.PutAsync(FileOwner.Of(run.Id), "model/MLmodel", Bytes("flavors: {}"), null, null, StoreFixture.Timeout);
        await tree.PutAsync(FileOwner.Of(run.Id), "model/data/weights.bin", Bytes("12345"), null, null, StoreFixture.Timeout);
        await registry.CreateAsync("forest", null, NoTags, StoreFixture.Timeout);
        var version = await registry.AddVersionAsync(
            new ModelSource("forest", "runs:/x/model", null, new FilePlace(FileOwner.Of(run.Id), "model"), null, run.Id.Value, null, null, null, NoTags),
            StoreFixture.Timeout);
        await tree.DeleteAsync(FileOwner.Of(run.Id), "model", StoreFixture.Timeout);
        var manifest = await registry.ReadManifestAsync(version, StoreFixture.Timeout);
        Assert.Equal(["MLmodel", "data/weights.bin"], manifest.Select(entry => entry.Path));
        Assert.Equal(16, version.Version.Size);
    }

    [Fact]
    public async Task Many_clients_at_once_get_numbers_without_gaps_and_one_of_them_the_name()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var registry = Registry(fixture);
        var creations = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            try
            {
                await registry.CreateAsync("forest", null, NoTags, StoreFixture.Timeout);
                return true;
            }
            catch (CairnException taken) when (taken.Code == ErrorCode.AlreadyExists)
            {
                return false;
            }
        }));
        Assert.Single(creations, made => made);
        var versions = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => AddAsync(registry, "forest")));
        Assert.Equal(Enumerable.Range(1, 32), versions.Select(version => version.Number).Order());
    }

    [Fact]
    public async Task An_alias_that_many_move_at_once_points_to_one_version_and_its_history_is_a_chain()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var registry = Registry(fixture);
        await registry.CreateAsync("forest", null, NoTags, StoreFixture.Timeout);
        for (var i = 0; i < 8; i++)
        {
            await AddAsync(registry, "forest");
        }

        await Task.WhenAll(Enumerable.Range(1, 8).Select(number => registry.SetAliasAsync("forest", "champion", number, StoreFixture.Timeout)));
        var model = await registry.GetAsync("forest", StoreFixture.Timeout);
        var moves = (await fixture.Store.Artifacts.ReadAliasHistoryAsync(model.Artifact.Key, StoreFixture.Timeout)).Where(move => move.Alias == "champion").Reverse().ToList();
        Assert.Equal(8, moves.Count);
        Assert.Equal(moves.Select(move => move.To).SkipLast(1), moves.Select(move => move.From).Skip(1));
        Assert.Equal(moves[^1].To, model.Artifact.Aliases["champion"]);
    }

    [Fact]
    public async Task A_deleted_version_takes_its_aliases_with_it_and_its_number_is_never_given_again()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var registry = Registry(fixture);
        await registry.CreateAsync("forest", null, NoTags, StoreFixture.Timeout);
        await AddAsync(registry, "forest");
        await AddAsync(registry, "forest");
        await registry.SetAliasAsync("forest", "champion", 2, StoreFixture.Timeout);
        await registry.DeleteVersionAsync("forest", 2, StoreFixture.Timeout);
        var model = await registry.GetAsync("forest", StoreFixture.Timeout);
        Assert.Equal(["latest"], model.Artifact.Aliases.Keys);
        Assert.Equal(0, model.Artifact.Aliases["latest"]);
        Assert.Null(await registry.FindVersionAsync("forest", new VersionReference(null, "champion"), StoreFixture.Timeout));
        Assert.Equal(3, (await AddAsync(registry, "forest")).Number);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_power_cut()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var registry = Registry(fixture);
        await registry.CreateAsync("forest", "first", new Dictionary<string, string> { ["team"] = "a" }, StoreFixture.Timeout);
        await AddAsync(registry, "forest");
        await registry.SetAliasAsync("forest", "champion", 1, StoreFixture.Timeout);
        await registry.MoveToStageAsync("forest", 1, ModelStage.Production, archiveOthers: false, StoreFixture.Timeout);
        await registry.TagVersionAsync("forest", 1, "checked", "yes", StoreFixture.Timeout);
        await using var crashed = await fixture.CrashAsync();
        var model = await Registry(crashed).GetAsync("forest", StoreFixture.Timeout);
        Assert.Equal("a", model.Tags["team"]);
        var version = await Registry(crashed).FindVersionAsync("forest", new VersionReference(null, "champion"), StoreFixture.Timeout);
        Assert.Equal(ModelStage.Production, version!.Stage);
        Assert.Equal("yes", version.Tags["checked"]);
    }

    [Fact]
    public async Task A_deleted_model_leaves_nothing_behind_and_its_name_starts_again_at_one()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var registry = Registry(fixture);
        var run = await fixture.CreateRunAsync();
        await registry.CreateAsync("forest", null, new Dictionary<string, string> { ["team"] = "a" }, StoreFixture.Timeout);
        await AddAsync(registry, "forest", run.Id.Value);
        await registry.SetAliasAsync("forest", "champion", 1, StoreFixture.Timeout);
        await registry.DeleteAsync("forest", StoreFixture.Timeout);
        Assert.Empty(await fixture.Store.Artifacts.ReadEdgesAsync(run.Id, StoreFixture.Timeout));
        var again = await registry.CreateAsync("forest", null, NoTags, StoreFixture.Timeout);
        Assert.Empty(again.Tags);
        Assert.Empty(again.Artifact.Aliases);
        Assert.Equal(1, (await AddAsync(registry, "forest")).Number);
    }

    [Fact]
    public async Task A_search_goes_by_names_tags_numbers_and_runs_and_leaves_prompts_out_unless_asked()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var registry = Registry(fixture);
        await registry.CreateAsync("a", null, new Dictionary<string, string> { ["team"] = "x" }, StoreFixture.Timeout);
        await registry.CreateAsync("b", null, NoTags, StoreFixture.Timeout);
        await registry.CreateAsync("p", null, new Dictionary<string, string> { [RegisteredModel.PromptTag] = "true" }, StoreFixture.Timeout);
        await AddAsync(registry, "a", "run-1");
        await AddAsync(registry, "a", "run-2");
        await AddAsync(registry, "b", "run-1");

        Assert.Equal(["a", "b"], await NamesAsync(registry, null));
        Assert.Equal(["a", "b", "p"], await NamesAsync(registry, null, prompts: true));
        Assert.Equal(["a"], await NamesAsync(registry, "tags.team LIKE 'x%'"));
        Assert.Empty(await NamesAsync(registry, "tags.team != 'x'"));
        Assert.Equal(["a:2", "a:1", "b:1"], await VersionsAsync(registry, null));
        Assert.Equal(["a:1", "b:1"], await VersionsAsync(registry, "run_id = 'run-1'"));
        Assert.Equal(["a:2"], await VersionsAsync(registry, "version_number > 1 AND name = 'a'"));
    }

    private static async Task<List<string>> NamesAsync(ModelRegistry registry, string? filter, bool prompts = false) =>
        [.. (await registry.SearchAsync(new ModelQuery(FilterParser.ParseModelFilter(filter), [], prompts, 100, 0), StoreFixture.Timeout)).Select(model => model.Name)];

    private static async Task<List<string>> VersionsAsync(ModelRegistry registry, string? filter) =>
        [.. (await registry.SearchVersionsAsync(new ModelQuery(FilterParser.ParseModelVersionFilter(filter), [], true, 100, 0), StoreFixture.Timeout)).Select(version => $"{version.ModelName}:{version.Number}")];

    private static ModelRegistry Registry(StoreFixture fixture) =>
        new(fixture.Store.Artifacts, fixture.Store.Files, fixture.Store.Runs, new RunFeed(), TimeProvider.System);

    private static Task<ModelVersion> AddAsync(ModelRegistry registry, string name, string? run = null) =>
        registry.AddVersionAsync(new ModelSource(name, "s3://bucket/model", null, null, null, run, null, null, null, NoTags), StoreFixture.Timeout);

    private static async Task CommitAsync(StoreFixture fixture, ArtifactKey key, string content)
    {
        var blob = await fixture.Store.Blobs.WriteAsync(Bytes(content), null, null, StoreFixture.Timeout);
        var catalog = new ArtifactCatalog(fixture.Store.Artifacts, fixture.Store.Blobs, fixture.Store.Runs, new RunFeed(), TimeProvider.System);
        await catalog.CommitAsync(
            new VersionRequest(key, "model", [new ManifestEntry("model.bin", blob.Digest, blob.Length)], []),
            StoreFixture.Timeout);
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
