using Cairn.Client;
using Cairn.Projects.Binding;
using Cairn.Tests;

namespace Cairn.Projects.Tests;

/// <summary>What a server says of a file never decides where it is written: cases 079 and 100 of docs/security.md.</summary>
public sealed class FetchedParameterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("filename=../../tmp/poc.txt")]
    [InlineData("filename=/tmp/poc.txt")]
    [InlineData("filename*=UTF-8''..%2f..%2fpoc")]
    public async Task A_fetched_file_has_the_last_name_of_its_address_whatever_the_server_calls_it_100(string name)
    {
        await using var server = new StrangeServer(_ => ($"Content-Disposition: attachment; {name}\r\n", "a,b\n"));
        var before = Path.Exists("/tmp/poc.txt");
        var storage = _folder.Combine("storage");
        var bound = await BindAsync($"{server.Address}data/sample1.csv", storage);
        var file = Assert.Single(Directory.EnumerateFiles(storage, "*", SearchOption.AllDirectories));
        Assert.Equal("sample1.csv", Path.GetFileName(file));
        Assert.Contains(file, bound.CommandLine, StringComparison.Ordinal);
        Assert.Equal(before, Path.Exists("/tmp/poc.txt"));
    }

    [Theory]
    [InlineData("..%2f..%2fpoc")]
    [InlineData("..")]
    [InlineData("a/..%2f..")]
    [InlineData("%2e%2e%2f%2e%2e")]
    public async Task An_address_that_climbs_names_a_file_of_its_folder(string path)
    {
        await using var server = new StrangeServer(_ => ("", "x"));
        var storage = _folder.Combine("storage");
        await BindAsync($"{server.Address}{path}", storage);
        Assert.Single(Directory.EnumerateFiles(storage, "*", SearchOption.AllDirectories));
        Assert.Equal(["MLproject", "storage"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("model/../../../../HACKED")]
    [InlineData("model//../../../HACKED")]
    public async Task A_server_that_lists_files_outside_of_a_run_is_not_believed_079(string path)
    {
        const string digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
        await using var server = new StrangeServer(target => target.EndsWith("/files", StringComparison.Ordinal)
            ? ("Content-Type: application/json\r\n", $$"""{"files":[{"path":"{{path}}","size":1,"digest":"{{digest}}","updatedAt":0}]}""")
            : ("", "x"));
        using var client = new CairnClient(new CairnClientOptions { Url = server.Address, RetryFor = TimeSpan.FromSeconds(1) });
        var storage = _folder.Combine("storage");
        await Assert.ThrowsAnyAsync<Exception>(() => BindAsync($"runs:/{new string('0', 32)}/model", storage, client));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "HACKED*", SearchOption.AllDirectories));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_folder.Path)!), entry => entry.EndsWith("HACKED", StringComparison.Ordinal));
    }

    private async Task<BoundEntryPoint> BindAsync(string address, string storage, CairnClient? client = null)
    {
        _folder.Write("MLproject", "entry_points: {main: {parameters: {data: path}, command: \"cat {data}\"}}\n");
        Directory.CreateDirectory(storage);
        using var nobody = new CairnClient(new CairnClientOptions { Url = new Uri("http://127.0.0.1:1"), RetryFor = TimeSpan.FromSeconds(1) });
        return await ParameterFetcher.BindAsync(
            ProjectFile.Open(_folder.Path), "main", [new("data", address)], _folder.Path, storage, client ?? nobody, _ => { }, CancellationToken.None).WaitAsync(SafetyNet.Limit);
    }
}
