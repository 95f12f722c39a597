using System.Text;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Storage.Files;

namespace Cairn.Storage.Tests.Files;

/// <summary>Plain files in a folder that others look into too.</summary>
public sealed class PlainFolderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("cairn-plain-").FullName;
    private readonly PlainFolder folder;

    public PlainFolderTests() => folder = new PlainFolder(Path.Combine(root, "share"));

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_file_lies_under_its_own_name_and_is_replaced_whole()
    {
        await WriteAsync("0/plots/a.txt", "one");
        await WriteAsync("0/plots/a.txt", "two");
        Assert.Equal("two", await File.ReadAllTextAsync(On("0/plots/a.txt"), StoreFixture.Timeout));
        Assert.Equal("two", await ReadAsync("0/plots/a.txt"));
        Assert.Equal([new FolderEntry("plots", null)], folder.ListFolder("0"));
        Assert.Equal([new FolderEntry("a.txt", 3)], folder.ListFolder("0/plots"));
        Assert.Equal(["0"], folder.ListFolder("").Select(entry => entry.Name));
        Assert.Empty(folder.ListFolder("0/plots/a.txt"));
    }

    [Fact]
    public async Task What_others_put_there_is_seen_and_what_they_change_has_a_new_digest()
    {
        Directory.CreateDirectory(On("by-hand"));
        await File.WriteAllTextAsync(On("by-hand/x"), "a", StoreFixture.Timeout);
        var before = Assert.Single(await folder.ListAsync("by-hand", StoreFixture.Timeout));
        await File.WriteAllTextAsync(On("by-hand/x"), "bc", StoreFixture.Timeout);
        var after = Assert.Single(await folder.ListAsync("by-hand", StoreFixture.Timeout));
        Assert.Equal("by-hand/x", after.Path);
        Assert.NotEqual(before.Digest, after.Digest);
        Assert.Equal("bc", await ReadAsync("by-hand/x"));
    }

    [Fact]
    public async Task Links_are_not_followed_to_read_write_list_or_delete()
    {
        var outside = Path.Combine(root, "outside");
        Directory.CreateDirectory(outside);
        await File.WriteAllTextAsync(Path.Combine(outside, "secret"), "secret", StoreFixture.Timeout);
        Directory.CreateDirectory(On("d"));
        Directory.CreateSymbolicLink(On("d/link"), outside);
        File.CreateSymbolicLink(On("file-link"), Path.Combine(outside, "secret"));

        Assert.Null(await folder.OpenAsync("d/link/secret", StoreFixture.Timeout));
        Assert.Null(await folder.OpenAsync("file-link", StoreFixture.Timeout));
        Assert.Empty(folder.ListFolder("d/link"));
        Assert.Equal(["d"], folder.ListFolder("").Select(entry => entry.Name));
        await Assert.ThrowsAsync<CairnException>(() => WriteAsync("d/link/new", "x"));
        await Assert.ThrowsAsync<CairnException>(() => WriteAsync("file-link", "x"));
        Assert.Equal(0, folder.Delete("d/link/secret"));
        folder.Delete("d");
        Assert.Equal("secret", await File.ReadAllTextAsync(Path.Combine(outside, "secret"), StoreFixture.Timeout));
        Assert.Single(Directory.GetFiles(outside));
    }

    [Fact]
    public async Task A_cut_upload_leaves_what_was_there()
    {
        await WriteAsync("a", "whole");
        await Assert.ThrowsAsync<CairnException>(() => folder.WriteAsync("a", Bytes("cut"), null, 100, StoreFixture.Timeout));
        await Assert.ThrowsAsync<CairnException>(() => folder.WriteAsync("b", Bytes("cut"), null, 100, StoreFixture.Timeout));
        Assert.Equal("whole", await ReadAsync("a"));
        Assert.Equal(["a"], folder.ListFolder("").Select(entry => entry.Name));
    }

    [Fact]
    public async Task A_name_cannot_be_file_and_folder()
    {
        await WriteAsync("a", "file");
        await Assert.ThrowsAsync<CairnException>(() => WriteAsync("a/b", "below a file"));
        await WriteAsync("c/d/e", "deep");
        await Assert.ThrowsAsync<CairnException>(() => WriteAsync("c/d", "over a folder"));
        await Assert.ThrowsAsync<CairnException>(() => WriteAsync(".cairn-unfinished/x", "where drafts lie"));
        Assert.Equal(1, folder.Delete("c"));
        Assert.Equal(0, folder.Delete("c"));
    }

    [Fact]
    public async Task The_files_of_a_run_lie_in_the_shared_folder_by_its_place()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var shared = new SharedFolders(folder, new PlainFolder(Path.Combine(root, "local")), Path.Combine(root, "local"));
        var tree = new FileTree(fixture.Store.Files, fixture.Store.Blobs, fixture.Store.Runs, new RunFeed(), TimeProvider.System, shared);
        var run = await fixture.CreateRunAsync();
        await tree.PutAsync(FileOwner.Of(run.Id), "m/x", Bytes("x"), null, null, StoreFixture.Timeout);
        Assert.True(File.Exists(On($"0/{run.Id}/artifacts/m/x")));
        Assert.Equal(["m/x"], (await tree.ListAsync(FileOwner.Of(run.Id), "", StoreFixture.Timeout)).Select(file => file.Path));

        Assert.Equal((FileOwner.Server, $"0/{run.Id}"), tree.Locate($"mlflow-artifacts:/0/{run.Id}"));
        Assert.Equal((FileOwner.Server, "0/a"), tree.Locate("http://other.name:5000/api/2.0/mlflow-artifacts/artifacts/0/a"));
        Assert.Equal((FileOwner.Root, "0/a"), tree.Locate(new Uri(Path.Combine(root, "local/0/a")).AbsoluteUri));
        Assert.Null(tree.Locate("file:///etc"));
        Assert.Null(tree.Locate($"{root}/local/../outside"));
        Assert.Null(tree.Locate("s3://bucket/x"));
    }

    [Fact]
    public void An_experiment_without_a_place_gets_one_below_the_root()
    {
        Assert.Equal("s3://bucket/7?region=x", ArtifactPlace.Append("s3://bucket/?region=x", "7"));
        Assert.Equal("mlflow-artifacts:/7", ArtifactPlace.Append("mlflow-artifacts:/", "7"));
        Assert.Equal("/srv/7", ArtifactPlace.Append("/srv/", "7"));
    }

    private string On(string path) => Path.Combine(root, "share", path);

    private static MemoryStream Bytes(string content) => new(Encoding.UTF8.GetBytes(content));

    private Task<StoredFile> WriteAsync(string path, string content) => folder.WriteAsync(path, Bytes(content), null, null, StoreFixture.Timeout);

    private async Task<string> ReadAsync(string path)
    {
        var (_, content) = (await folder.OpenAsync(path, StoreFixture.Timeout))!.Value;
        using var reader = new StreamReader(content);
        return await reader.ReadToEndAsync(StoreFixture.Timeout);
    }
}
