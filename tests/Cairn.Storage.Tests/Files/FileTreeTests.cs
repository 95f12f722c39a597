using System.Text;
using Cairn.Core;
using Cairn.Core.Files;
using Cairn.Core.Runs;

namespace Cairn.Storage.Tests.Files;

public sealed class FileTreeTests
{
    [Fact]
    public async Task A_file_is_replaced_listed_by_folder_and_removed()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var tree = Tree(fixture);
        var owner = FileOwner.Of((await fixture.CreateRunAsync()).Id);
        await PutAsync(tree, owner, "plots/a.png", "one");
        await PutAsync(tree, owner, "plots/a.png", "two");
        await PutAsync(tree, owner, "plots0", "beside the folder");
        Assert.Equal(["plots/a.png"], (await tree.ListAsync(owner, "plots", StoreFixture.Timeout)).Select(file => file.Path));
        var (_, content) = await tree.OpenAsync(owner, "plots//a.png/", StoreFixture.Timeout);
        Assert.Equal("two", await new StreamReader(content).ReadToEndAsync(StoreFixture.Timeout));
        await content.DisposeAsync();
        await tree.DeleteAsync(owner, "plots", StoreFixture.Timeout);
        Assert.Equal(["plots0"], (await tree.ListAsync(owner, "", StoreFixture.Timeout)).Select(file => file.Path));
    }

    [Fact]
    public async Task A_name_cannot_be_file_and_folder()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var tree = Tree(fixture);
        var owner = FileOwner.Of((await fixture.CreateRunAsync()).Id);
        await PutAsync(tree, owner, "a", "file");
        await Assert.ThrowsAsync<CairnException>(() => PutAsync(tree, owner, "a/b", "below a file"));
        await PutAsync(tree, owner, "c/d/e", "deep");
        await Assert.ThrowsAsync<CairnException>(() => PutAsync(tree, owner, "c/d", "over a folder"));
    }

    [Fact]
    public async Task An_unknown_run_has_no_files()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var refusal = await Assert.ThrowsAsync<CairnException>(() => PutAsync(Tree(fixture), FileOwner.Of(RunId.New()), "a", "b"));
        Assert.Equal(ErrorCode.NotFound, refusal.Code);
    }

    private static FileTree Tree(StoreFixture fixture) =>
        new(fixture.Store.Files, fixture.Store.Blobs, fixture.Store.Runs, new RunFeed(), TimeProvider.System);

    private static Task<StoredFile> PutAsync(FileTree tree, FileOwner owner, string path, string content) =>
        tree.PutAsync(owner, path, new MemoryStream(Encoding.UTF8.GetBytes(content)), null, null, StoreFixture.Timeout);
}
