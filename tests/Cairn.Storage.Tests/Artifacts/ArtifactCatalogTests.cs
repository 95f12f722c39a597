using System.Text;
using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;

namespace Cairn.Storage.Tests.Artifacts;

public sealed class ArtifactCatalogTests
{
    private static readonly ArtifactKey Data = new(ExperimentId.Default, "raw_data.csv");

    [Fact]
    public async Task Changed_content_makes_the_next_version_and_the_same_content_makes_none()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = Catalog(fixture);
        var run = await fixture.CreateRunAsync();
        Assert.Equal("v0", (await LogAsync(fixture, catalog, "one", run)).Version.Label);
        Assert.Equal("v1", (await LogAsync(fixture, catalog, "two", run)).Version.Label);
        var again = await LogAsync(fixture, catalog, "two", run);
        Assert.False(again.Created);
        Assert.Equal("v1", again.Version.Label);
        Assert.Equal(["latest"], again.Version.Aliases);
        Assert.Equal(2, (await fixture.Store.Artifacts.ListVersionsAsync(Data, StoreFixture.Timeout)).Count);
    }

    [Fact]
    public async Task Logging_old_content_again_points_latest_back_to_its_version()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = Catalog(fixture);
        await LogAsync(fixture, catalog, "one");
        await LogAsync(fixture, catalog, "two");
        await LogAsync(fixture, catalog, "one");
        Assert.Equal("v0", (await catalog.GetAsync(Data, VersionReference.Latest, StoreFixture.Timeout)).Label);
    }

    [Fact]
    public async Task Twenty_clients_at_once_get_twenty_versions_without_gaps()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = Catalog(fixture);
        var versions = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => LogAsync(fixture, catalog, $"content {i}")));
        Assert.Equal(Enumerable.Range(0, 20), versions.Select(version => version.Version.Index).Order());
    }

    [Fact]
    public async Task A_version_whose_content_is_not_there_is_refused_and_nothing_of_it_stays()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = Catalog(fixture);
        var missing = Digest.Parse(new string('a', 64));
        var refusal = await Assert.ThrowsAsync<CairnException>(() => catalog.CommitAsync(
            new VersionRequest(Data, "dataset", [new ManifestEntry("a.csv", missing, 3)], []),
            StoreFixture.Timeout));
        Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
        Assert.Empty(await fixture.Store.Artifacts.ListAsync(null, null, StoreFixture.Timeout));
    }

    [Theory]
    [InlineData("../x", "dataset", "a.csv", "name")]
    [InlineData("", "dataset", "a.csv", "name")]
    [InlineData("a/b", "dataset", "a.csv", "name")]
    [InlineData("data", "type with space", "a.csv", "type")]
    [InlineData("data", "dataset", "../a.csv", "manifest[0].path")]
    [InlineData("data", "dataset", "/etc/passwd", "manifest[0].path")]
    [InlineData("data", "dataset", "%2e%2e/a.csv", "manifest[0].path")]
    public async Task Names_that_could_leave_their_folder_are_refused_by_field(string name, string type, string path, string field)
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var blob = await PutAsync(fixture, "x");
        var refusal = await Assert.ThrowsAsync<CairnException>(() => Catalog(fixture).CommitAsync(
            new VersionRequest(new ArtifactKey(ExperimentId.Default, name), type, [new ManifestEntry(path, blob.Digest, blob.Length)], []),
            StoreFixture.Timeout));
        Assert.Equal((ErrorCode.InvalidArgument, field), (refusal.Code, refusal.Field));
    }

    [Fact]
    public async Task An_artifact_keeps_its_type()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = Catalog(fixture);
        await LogAsync(fixture, catalog, "one");
        var blob = await PutAsync(fixture, "two");
        var refusal = await Assert.ThrowsAsync<CairnException>(() => catalog.CommitAsync(
            new VersionRequest(Data, "model", [new ManifestEntry("a", blob.Digest, blob.Length)], []),
            StoreFixture.Timeout));
        Assert.Equal(ErrorCode.Conflict, refusal.Code);
    }

    [Fact]
    public async Task An_alias_moves_only_from_where_it_is_expected_and_every_move_is_kept()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = Catalog(fixture);
        await LogAsync(fixture, catalog, "one");
        await LogAsync(fixture, catalog, "two");
        await MoveAsync(catalog, "prod", "v0", new ExpectedAlias(null), "first");
        var refusal = await Assert.ThrowsAsync<CairnException>(() => MoveAsync(catalog, "prod", "v1", new ExpectedAlias(null), "race"));
        Assert.Equal(ErrorCode.Conflict, refusal.Code);
        await MoveAsync(catalog, "prod", "v1", new ExpectedAlias(0), "better");
        Assert.Equal(["latest", "prod"], (await catalog.GetAsync(Data, new VersionReference(1, null), StoreFixture.Timeout)).Aliases);
        Assert.Empty((await catalog.GetAsync(Data, new VersionReference(0, null), StoreFixture.Timeout)).Aliases);
        var history = (await fixture.Store.Artifacts.ReadAliasHistoryAsync(Data, StoreFixture.Timeout)).Where(change => change.Alias == "prod");
        Assert.Equal([(0, 1, "better"), (null, 0, "first")], history.Select(change => (change.From, change.To!.Value, change.Why!)));
    }

    [Fact]
    public async Task Asking_again_for_a_move_that_happened_is_no_conflict()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = Catalog(fixture);
        await LogAsync(fixture, catalog, "one");
        await MoveAsync(catalog, "prod", "v0", new ExpectedAlias(null), "first");
        await MoveAsync(catalog, "prod", "v0", new ExpectedAlias(null), "first");
        Assert.Single(await fixture.Store.Artifacts.ReadAliasHistoryAsync(Data, StoreFixture.Timeout), change => change.Alias == "prod");
    }

    [Fact]
    public async Task Of_many_who_move_an_alias_from_the_same_place_one_wins()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = Catalog(fixture);
        for (var i = 0; i < 9; i++)
        {
            await LogAsync(fixture, catalog, $"content {i}");
        }

        await MoveAsync(catalog, "prod", "v0", null, "start");
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 8).Select(async i =>
        {
            try
            {
                await MoveAsync(catalog, "prod", $"v{i}", new ExpectedAlias(0), "race");
                return true;
            }
            catch (CairnException conflict) when (conflict.Code == ErrorCode.Conflict)
            {
                return false;
            }
        }));
        Assert.Single(outcomes, won => won);
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("v3")]
    [InlineData("../prod")]
    [InlineData("")]
    public async Task Aliases_that_mean_something_else_are_refused(string alias)
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = Catalog(fixture);
        await LogAsync(fixture, catalog, "one");
        var refusal = await Assert.ThrowsAsync<CairnException>(() => MoveAsync(catalog, alias, "v0", null, null));
        Assert.Equal((ErrorCode.InvalidArgument, "alias"), (refusal.Code, refusal.Field));
    }

    [Fact]
    public async Task A_version_with_an_alias_stays_and_one_without_goes()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = Catalog(fixture);
        await LogAsync(fixture, catalog, "one");
        await LogAsync(fixture, catalog, "two");
        await MoveAsync(catalog, "prod", "v1", null, null);
        await Assert.ThrowsAsync<CairnException>(() => catalog.DeleteAsync(Data, VersionReference.Parse("v1"), StoreFixture.Timeout));
        await catalog.MoveAliasAsync(new AliasRequest(Data, "prod", null), StoreFixture.Timeout);
        await catalog.DeleteAsync(Data, VersionReference.Parse("v1"), StoreFixture.Timeout);
        Assert.Equal("v0", (await catalog.GetAsync(Data, VersionReference.Latest, StoreFixture.Timeout)).Label);
        Assert.Equal("v2", (await LogAsync(fixture, catalog, "three")).Version.Label);
    }

    [Fact]
    public async Task Lineage_leads_from_data_to_what_was_made_of_it_and_back()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = Catalog(fixture);
        var first = await fixture.CreateRunAsync("download");
        var second = await fixture.CreateRunAsync("train");
        await LogAsync(fixture, catalog, "one", first);
        await catalog.UseAsync(second.Id, Data, VersionReference.Latest, StoreFixture.Timeout);
        await catalog.UseAsync(second.Id, Data, VersionReference.Latest, StoreFixture.Timeout);
        var lineage = new Lineage(fixture.Store.Artifacts);
        var (edges, beyond) = await lineage.WalkAsync(LineageStart.Of(second.Id), 10, StoreFixture.Timeout);
        Assert.Empty(beyond);
        var near = await lineage.WalkAsync(LineageStart.Of(second.Id), 1, StoreFixture.Timeout);
        Assert.Single(near.Edges);
        Assert.Equal([(LineageStart.Of(Data, 0), 1)], near.Beyond.Select(place => (place.Key, place.Value)));
        Assert.Equal(
            [(first.Id, LineageDirection.Output), (second.Id, LineageDirection.Input)],
            edges.Select(edge => (edge.RunId, edge.Direction)).OrderBy(edge => edge.Direction == LineageDirection.Input));
    }

    private static ArtifactCatalog Catalog(StoreFixture fixture) =>
        new(fixture.Store.Artifacts, fixture.Store.Blobs, fixture.Store.Runs, new RunFeed(), TimeProvider.System);

    private static Task<AliasChange> MoveAsync(ArtifactCatalog catalog, string alias, string to, ExpectedAlias? expected, string? why) =>
        catalog.MoveAliasAsync(new AliasRequest(Data, alias, VersionReference.Parse(to), expected, "me", why), StoreFixture.Timeout);

    private static async Task<CommittedVersion> LogAsync(StoreFixture fixture, ArtifactCatalog catalog, string content, Run? run = null)
    {
        var blob = await PutAsync(fixture, content);
        return await catalog.CommitAsync(
            new VersionRequest(Data, "dataset", [new ManifestEntry("raw_data.csv", blob.Digest, blob.Length)], [], RunId: run?.Id),
            StoreFixture.Timeout);
    }

    private static async Task<Blob> PutAsync(StoreFixture fixture, string content)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        return await fixture.Store.Blobs.WriteAsync(stream, null, null, StoreFixture.Timeout);
    }
}
