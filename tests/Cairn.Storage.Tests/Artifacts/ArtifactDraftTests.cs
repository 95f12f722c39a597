using System.Security.Cryptography;
using System.Text;
using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;

namespace Cairn.Storage.Tests.Artifacts;

public sealed class ArtifactDraftTests
{
    private static readonly ArtifactKey Data = new(ExperimentId.Default, "raw_data.csv");

    [Fact]
    public async Task A_draft_is_seen_by_nobody_until_it_is_committed()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var drafts = Drafts(fixture);
        var draft = await drafts.BeginAsync(New("one"), StoreFixture.Timeout);
        await drafts.ReceiveAsync(draft.Id, "a.csv", Md5("one"), Stream("one"), 3, StoreFixture.Timeout);
        Assert.Empty(await fixture.Store.Artifacts.ListAsync(null, null, StoreFixture.Timeout));
        Assert.Null(await fixture.Store.Collections.FindByDraftAsync(draft.Id, StoreFixture.Timeout));
        var committed = await drafts.CommitAsync(draft, [new DraftEntry("a.csv", Md5("one"), null, 3)], "d1", null, StoreFixture.Timeout);
        Assert.Equal("v0", committed.Version.Label);
        var card = (await fixture.Store.Collections.FindByDraftAsync(draft.Id, StoreFixture.Timeout))!;
        Assert.Equal((draft.Id, "d1", "v0"), (card.DraftId!.Value, card.WireDigest, card.Version.Label));
    }

    [Fact]
    public async Task Beginning_again_with_the_same_client_id_and_committing_again_change_nothing()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var drafts = Drafts(fixture);
        var first = await drafts.BeginAsync(New("one"), StoreFixture.Timeout);
        await fixture.ReopenAsync();
        drafts = Drafts(fixture);
        var again = await drafts.BeginAsync(New("one"), StoreFixture.Timeout);
        Assert.Equal(first.Id, again.Id);
        await drafts.ReceiveAsync(again.Id, "a.csv", Md5("one"), Stream("one"), 3, StoreFixture.Timeout);
        DraftEntry[] entries = [new DraftEntry("a.csv", Md5("one"), null, 3)];
        Assert.True((await drafts.CommitAsync(again, entries, "d1", null, StoreFixture.Timeout)).Created);
        var repeated = await drafts.CommitAsync(again, entries, "d1", null, StoreFixture.Timeout);
        Assert.Equal((false, "v0"), (repeated.Created, repeated.Version.Label));
    }

    [Fact]
    public async Task Content_that_another_door_logged_is_the_same_version()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var blob = await fixture.Store.Blobs.WriteAsync(Stream("one"), null, null, StoreFixture.Timeout);
        await Catalog(fixture).CommitAsync(new VersionRequest(Data, "dataset", [new ManifestEntry("a.csv", blob.Digest, 3)], []), StoreFixture.Timeout);
        var committed = await LogAsync(fixture, "one");
        Assert.Equal((false, "v0"), (committed.Created, committed.Version.Label));
    }

    [Fact]
    public async Task Bytes_that_do_not_hash_to_what_was_announced_are_refused_and_not_kept()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var drafts = Drafts(fixture);
        var draft = await drafts.BeginAsync(New("one"), StoreFixture.Timeout);
        var refusal = await Assert.ThrowsAsync<CairnException>(() => drafts.ReceiveAsync(draft.Id, "a.csv", Md5("one"), Stream("two"), 3, StoreFixture.Timeout));
        Assert.Equal((ErrorCode.InvalidArgument, "md5"), (refusal.Code, refusal.Field));
        Assert.Null(await fixture.Store.Blobs.FindAsync(Digest.FromHash(SHA256.HashData("two"u8)), StoreFixture.Timeout));
        var missing = await Assert.ThrowsAsync<CairnException>(
            () => drafts.CommitAsync(draft, [new DraftEntry("a.csv", Md5("one"), null, 3)], "d1", null, StoreFixture.Timeout));
        Assert.Equal(ErrorCode.FailedPrecondition, missing.Code);
    }

    [Theory]
    [InlineData("../a.csv")]
    [InlineData("/etc/passwd")]
    [InlineData("%2e%2e/a.csv")]
    public async Task A_manifest_cannot_name_files_outside_of_its_folder(string path)
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var drafts = Drafts(fixture);
        var draft = await drafts.BeginAsync(New("one"), StoreFixture.Timeout);
        var refusal = await Assert.ThrowsAsync<CairnException>(
            () => drafts.CommitAsync(draft, [new DraftEntry(path, "x", "s3://bucket/key", null)], "d1", null, StoreFixture.Timeout));
        Assert.Equal((ErrorCode.InvalidArgument, "manifest.contents"), (refusal.Code, refusal.Field));
    }

    [Fact]
    public async Task References_are_kept_as_they_are_and_are_part_of_the_content()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var first = await LogAsync(fixture, "x", new DraftEntry("ref", "etag-1", "s3://bucket/key", 7));
        var second = await LogAsync(fixture, "x", new DraftEntry("ref", "etag-2", "s3://bucket/key", 7));
        var third = await LogAsync(fixture, "x", new DraftEntry("ref", "etag-1", "s3://bucket/key", 7));
        Assert.Equal(["v0", "v1", "v0"], new[] { first, second, third }.Select(one => one.Version.Label));
        Assert.Equal((2, 8L), (second.Version.FileCount, second.Version.Size));
        var card = (await fixture.Store.Collections.FindAsync(Data, new VersionReference(1, null), StoreFixture.Timeout))!;
        Assert.Equal([new Reference("ref", "s3://bucket/key", "etag-2", 7)], await fixture.Store.Collections.ReadReferencesAsync(card.VersionId, StoreFixture.Timeout));
    }

    [Fact]
    public async Task Only_bytes_that_were_here_are_known_by_their_md5()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var drafts = Drafts(fixture);
        Assert.Empty(await drafts.FindKnownAsync([Md5("one")], StoreFixture.Timeout));
        var blob = await fixture.Store.Blobs.WriteAsync(Stream("one"), null, null, StoreFixture.Timeout);
        await drafts.HashAsync([blob.Digest], StoreFixture.Timeout);
        Assert.Equal(blob.Digest, (await drafts.FindKnownAsync([Md5("one")], StoreFixture.Timeout))[Md5("one")].Digest);
    }

    [Fact]
    public async Task What_is_never_committed_is_forgotten()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var draft = await Drafts(fixture).BeginAsync(New("one"), StoreFixture.Timeout);
        Assert.Equal(0, await fixture.Store.Drafts.ForgetAsync(draft.CreatedAt, StoreFixture.Timeout));
        Assert.Equal(1, await fixture.Store.Drafts.ForgetAsync(long.MaxValue, StoreFixture.Timeout));
        Assert.Null(await fixture.Store.Drafts.FindAsync(draft.Id, StoreFixture.Timeout));
    }

    [Fact]
    public async Task Emptying_the_bin_leaves_what_uploads_and_versions_need()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var drafts = Drafts(fixture);
        var kept = await fixture.Store.Blobs.WriteAsync(Stream("manifest of a version"), null, null, StoreFixture.Timeout);
        var draft = await drafts.BeginAsync(New("one"), StoreFixture.Timeout);
        await drafts.ReceiveAsync(draft.Id, "a.csv", Md5("one"), Stream("one"), 3, StoreFixture.Timeout);
        await drafts.CommitAsync(draft, [new DraftEntry("a.csv", Md5("one"), null, 3)], "d", kept.Digest, StoreFixture.Timeout);
        var pending = await drafts.BeginAsync(New("two"), StoreFixture.Timeout);
        await drafts.ReceiveAsync(pending.Id, "b.csv", Md5("two"), Stream("two"), 3, StoreFixture.Timeout);
        var announced = await drafts.AnnounceManifestAsync(new DraftManifest(0, pending.Id, ManifestKind.Full, null, null, null), StoreFixture.Timeout);
        await drafts.ReceiveManifestAsync(announced.Id, Stream("manifest of an upload"), null, StoreFixture.Timeout);
        var loose = await fixture.Store.Blobs.WriteAsync(Stream("nobody's"), null, null, StoreFixture.Timeout);

        var mentioned = await fixture.Store.Files.ListMentionedAsync([], StoreFixture.Timeout);
        await fixture.Store.Blobs.CollectAsync(mentioned, DateTimeOffset.MaxValue, dryRun: false, StoreFixture.Timeout);

        Assert.Null(await fixture.Store.Blobs.FindAsync(loose.Digest, StoreFixture.Timeout));
        var manifest = (await drafts.GetManifestAsync(announced.Id, StoreFixture.Timeout)).Content!.Value;
        foreach (var digest in new[] { kept.Digest, manifest, Digest.FromHash(SHA256.HashData("one"u8)), Digest.FromHash(SHA256.HashData("two"u8)) })
        {
            Assert.NotNull(await fixture.Store.Blobs.FindAsync(digest, StoreFixture.Timeout));
        }
    }

    [Fact]
    public async Task A_portfolio_numbers_its_links_by_itself_and_has_aliases_of_its_own()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        await LogAsync(fixture, "one");
        await LogAsync(fixture, "two");
        var collections = Collections(fixture);
        var store = fixture.Store.Collections;
        var portfolio = new ArtifactKey(ExperimentId.Default, "best");
        var second = (await store.FindAsync(Data, new VersionReference(1, null), StoreFixture.Timeout))!;
        Assert.Equal(0, (await collections.LinkAsync(portfolio, second, ["staging"], StoreFixture.Timeout)).Index);
        Assert.Equal(0, (await collections.LinkAsync(portfolio, second, [], StoreFixture.Timeout)).Index);
        var first = (await store.FindAsync(Data, new VersionReference(0, null), StoreFixture.Timeout))!;
        Assert.Equal(1, (await collections.LinkAsync(portfolio, first, [], StoreFixture.Timeout)).Index);
        Assert.Equal("v1", (await store.FindAsync(portfolio, VersionReference.Parse("staging"), StoreFixture.Timeout))!.Version.Label);
        Assert.Equal("v0", (await store.FindAsync(portfolio, VersionReference.Parse("v1"), StoreFixture.Timeout))!.Version.Label);
        var again = (await store.FindByVersionAsync(first.VersionId, StoreFixture.Timeout))!;
        await collections.UnlinkAsync(again, "best", StoreFixture.Timeout);
        Assert.Equal("v1", (await store.FindAsync(portfolio, VersionReference.Latest, StoreFixture.Timeout))!.Version.Label);
    }

    [Fact]
    public async Task A_renamed_collection_is_found_by_its_new_name_and_a_deleted_one_by_none()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        await LogAsync(fixture, "one");
        var collections = Collections(fixture);
        var store = fixture.Store.Collections;
        var collection = (await store.FindAsync(Data, StoreFixture.Timeout))!;
        await collections.ChangeAsync(collection, new CollectionChange("better.csv", "text", ["fine"]), StoreFixture.Timeout);
        var renamed = (await store.FindAsync(Data with { Name = "better.csv" }, StoreFixture.Timeout))!;
        Assert.Equal(("text", "fine"), (renamed.Description, renamed.Labels.Single()));
        Assert.Null(await store.FindAsync(Data, StoreFixture.Timeout));
        await collections.DeleteAsync(renamed, StoreFixture.Timeout);
        Assert.Empty(await store.ListAsync(ExperimentId.Default, null, StoreFixture.Timeout));
        Assert.Equal("v0", (await LogAsync(fixture, "one")).Version.Label);
    }

    [Fact]
    public async Task A_version_is_deleted_only_without_aliases_or_with_them()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        await LogAsync(fixture, "one");
        var collections = Collections(fixture);
        var store = fixture.Store.Collections;
        var version = (await store.FindAsync(Data, VersionReference.Latest, StoreFixture.Timeout))!;
        await collections.AddAliasAsync(version, Data.Name, "prod", "me", StoreFixture.Timeout);
        version = (await store.FindAsync(Data, VersionReference.Parse("prod"), StoreFixture.Timeout))!;
        await Assert.ThrowsAsync<CairnException>(() => collections.DeleteAsync(version, withAliases: false, StoreFixture.Timeout));
        await collections.DeleteAsync(version, withAliases: true, StoreFixture.Timeout);
        Assert.Null(await store.FindByVersionAsync(version.VersionId, StoreFixture.Timeout));
    }

    private static ArtifactCatalog Catalog(StoreFixture fixture) =>
        new(fixture.Store.Artifacts, fixture.Store.Blobs, fixture.Store.Runs, new RunFeed(), TimeProvider.System);

    private static ArtifactDrafts Drafts(StoreFixture fixture) =>
        new(fixture.Store.Drafts, fixture.Store.Blobs, fixture.Store.Runs, new RunFeed(), TimeProvider.System);

    private static ArtifactCollections Collections(StoreFixture fixture) =>
        new(fixture.Store.Collections, fixture.Store.Artifacts, Catalog(fixture), fixture.Store.Runs, new RunFeed(), TimeProvider.System);

    private static NewDraft New(string client) => new(Data, "dataset", "d0", [], [], new DraftFacts(ClientId: client));

    private static async Task<CommittedVersion> LogAsync(StoreFixture fixture, string content, params DraftEntry[] more)
    {
        var drafts = Drafts(fixture);
        var draft = await drafts.BeginAsync(New(Guid.NewGuid().ToString()), StoreFixture.Timeout);
        await drafts.ReceiveAsync(draft.Id, "a.csv", Md5(content), Stream(content), content.Length, StoreFixture.Timeout);
        return await drafts.CommitAsync(draft, [new DraftEntry("a.csv", Md5(content), null, content.Length), .. more], "d", null, StoreFixture.Timeout);
    }

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

#pragma warning disable CA5351 // The protocol names contents by MD5.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
