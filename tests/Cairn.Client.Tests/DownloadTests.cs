using Cairn.Client.Tests.Fakes;
using Cairn.Client.Wire;

namespace Cairn.Client.Tests;

public sealed class DownloadTests : IAsyncDisposable
{
    private const string Files = "/api/v1/blobs/.*";

    private readonly FakeCairn _server = new();
    private readonly TestFolder _folder = new();
    private readonly CairnClient _client;

    public DownloadTests() => _client = new CairnClient(new CairnClientOptions
    {
        Url = _server.Http.Url,
        CacheFolder = _folder["cache"],
        RetryDelay = TimeSpan.FromMilliseconds(5),
        MaxRetryDelay = TimeSpan.FromMilliseconds(20),
        FinishOnExit = false,
    });

    [Fact]
    public async Task A_file_is_fetched_once_and_keeps_its_name()
    {
        await _client.LogArtifactAsync("exp", new NewArtifact("raw", "dataset").AddText("raw data.csv", "a,b\n"));
        await using var run = await StartAsync();

        var used = await run.UseArtifactAsync("raw:latest");
        var file = await used.FileAsync();
        var again = await (await run.UseArtifactAsync("raw:latest")).FileAsync("raw data.csv");

        Assert.Equal(("raw", "v0"), (used.Name, used.Version));
        Assert.Equal(file, again);
        Assert.Equal("raw data.csv", Path.GetFileName(file));
        Assert.Equal("a,b\n", await File.ReadAllTextAsync(file));
        Assert.Equal(1, _server.Count("GET", Files));
    }

    [Fact]
    public async Task The_cache_is_its_owners_only()
    {
        await _client.LogArtifactAsync("exp", new NewArtifact("raw", "dataset").AddText("a.txt", "a"));
        await (await UseAsync("raw")).DownloadAsync();
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(_folder["cache"]) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Fact]
    public async Task Content_two_versions_share_is_fetched_once()
    {
        await _client.LogArtifactAsync("exp", new NewArtifact("data", "dataset").AddText("a", "same").AddText("b", "one"));
        await (await UseAsync("data")).DownloadAsync();
        await _client.LogArtifactAsync("exp", new NewArtifact("data", "dataset").AddText("a", "same").AddText("b", "two"));

        var folder = await (await UseAsync("data")).DownloadAsync();

        Assert.Equal(("same", "two"), (File.ReadAllText(Path.Combine(folder, "a")), File.ReadAllText(Path.Combine(folder, "b"))));
        Assert.Equal(3, _server.Count("GET", Files));
    }

    [Fact]
    public async Task A_cached_file_that_was_edited_is_fetched_again()
    {
        await _client.LogArtifactAsync("exp", new NewArtifact("data", "dataset").AddText("a", "right"));
        var file = await (await UseAsync("data")).FileAsync();
        File.SetAttributes(file, FileAttributes.Normal);
        await File.WriteAllTextAsync(file, "wrong");

        Assert.Equal(file, await (await UseAsync("data")).FileAsync());

        Assert.Equal("right", await File.ReadAllTextAsync(file));
        Assert.Equal(2, _server.Count("GET", Files));
    }

    [Fact]
    public async Task A_download_into_a_folder_makes_files_of_the_users_own()
    {
        await _client.LogArtifactAsync("exp", new NewArtifact("data", "dataset").AddText("sub/a", "right").AddText("b", "b"));
        _folder.Write("target/sub/a", "old");
        _folder.Write("target/mine", "mine");
        var used = await UseAsync("data");

        var folder = await used.DownloadAsync(_folder["target"]);
        await File.WriteAllTextAsync(Path.Combine(folder, "sub", "a"), "mine now");
        var file = await used.FileAsync("sub/a");

        Assert.Equal(_folder["target"], folder);
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder["target/mine"]));
        Assert.Equal("right", await File.ReadAllTextAsync(file));
        Assert.Equal(2, _server.Count("GET", Files));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_broken_download_goes_on_where_it_broke()
    {
        const int Size = 6_000_000;
        await _client.LogArtifactAsync("exp", new NewArtifact("big", "dataset").AddFile(_folder.WriteLarge("big.bin", Size, 1)));
        var breaks = 3;
        _server.After = (request, answer) =>
            IsContent(request) && breaks-- > 0 ? answer with { CutAfter = 1_500_000 } : answer;
        var progress = new ProgressLog();

        var file = await (await UseAsync("big")).FileAsync(progress: progress);

        Assert.Equal(await File.ReadAllBytesAsync(_folder["big.bin"]), await File.ReadAllBytesAsync(file));
        var ranges = _server.Requests.Where(r => IsContent(r)).Select(r => r.Headers.GetValueOrDefault("Range")).ToList();
        Assert.Equal(4, ranges.Count);
        Assert.All(ranges.Skip(1), range => Assert.StartsWith("bytes=", range, StringComparison.Ordinal));
        Assert.Equal(new TransferProgress(TransferPhase.Downloading, Size, Size, 1, 1), progress.Best(TransferPhase.Downloading));
    }

    [Fact]
    public async Task A_server_without_ranges_is_asked_from_the_start()
    {
        await _client.LogArtifactAsync("exp", new NewArtifact("big", "dataset").AddFile(_folder.WriteLarge("big.bin", 3_000_000, 1)));
        var breaks = 1;
        _server.Before = request =>
        {
            ((Dictionary<string, string>)request.Headers).Remove("Range");
            return Task.FromResult<FakeAnswer?>(null);
        };
        _server.After = (request, answer) =>
            IsContent(request) && breaks-- > 0 ? answer with { CutAfter = 1_000_000 } : answer;

        var file = await (await UseAsync("big")).FileAsync();

        Assert.Equal(await File.ReadAllBytesAsync(_folder["big.bin"]), await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task Bytes_without_their_digest_are_refused_and_leave_nothing_behind()
    {
        await _client.LogArtifactAsync("exp", new NewArtifact("data", "dataset").AddText("a", "right"));
        _server.After = (request, answer) =>
            IsContent(request) ? FakeAnswer.Text(200, "wrong") : answer;

        var used = await UseAsync("data");
        var corrupt = await Assert.ThrowsAsync<CairnClientException>(() => used.FileAsync());

        Assert.Equal("corrupt", corrupt.Code);
        Assert.Empty(Directory.EnumerateFiles(_folder["cache"], "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("../../escape")]
    [InlineData("/tmp/escape")]
    [InlineData("a/../../../escape")]
    public async Task A_path_from_the_server_that_leads_out_of_the_folder_is_refused(string path)
    {
        var used = Used(new ManifestEntry(path, new string('a', 64), 1), new string('b', 64));

        await Assert.ThrowsAsync<CairnClientException>(() => used.DownloadAsync(_folder["target"]));
        await Assert.ThrowsAsync<CairnClientException>(() => used.DownloadAsync());
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("../../../../../escape", "b")]
    [InlineData("a", "../../escape")]
    [InlineData("A", "b")]
    public async Task A_digest_from_the_server_that_is_none_never_becomes_a_path(string content, string version)
    {
        string Long(string text) => text.Length == 1 ? new string(text[0], 64) : text;
        var used = Used(new ManifestEntry("a", Long(content), 1), Long(version));

        Assert.Equal("corrupt", (await Assert.ThrowsAsync<CairnClientException>(() => used.FileAsync())).Code);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Which_file_is_meant_must_be_clear()
    {
        await _client.LogArtifactAsync("exp", new NewArtifact("data", "dataset").AddText("a", "1").AddText("b", "2"));
        var used = await UseAsync("data");

        Assert.Contains("a, b", (await Assert.ThrowsAsync<CairnClientException>(() => used.FileAsync())).Message, StringComparison.Ordinal);
        Assert.Equal("not_found", (await Assert.ThrowsAsync<CairnClientException>(() => used.FileAsync("c"))).Code);
    }

    [Fact]
    public async Task Many_at_once_get_the_same_whole_files_from_one_cache()
    {
        var artifact = new NewArtifact("data", "dataset");
        for (var i = 0; i < 10; i++)
        {
            artifact.AddFile(_folder.WriteLarge($"{i}", 300_000 + i, i));
        }

        await _client.LogArtifactAsync("exp", artifact);

        await Parallel.ForAsync(0, 8, async (_, stop) =>
        {
            using var client = new CairnClient(_client.Options);
            var folder = await new UsedArtifact(client, await DetailAsync(client)).DownloadAsync(cancellation: stop);
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal(await File.ReadAllBytesAsync(_folder[$"{i}"], stop), await File.ReadAllBytesAsync(Path.Combine(folder, $"{i}"), stop));
            }
        });
        Assert.Empty(Directory.EnumerateFiles(_folder["cache"], "*.part", SearchOption.AllDirectories));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _folder.Dispose();
        await _server.DisposeAsync();
    }

    private static bool IsContent(FakeRequest request) =>
        request.Method == "GET" && request.Path.StartsWith("/api/v1/blobs/", StringComparison.Ordinal);

    private static Task<VersionDetail> DetailAsync(CairnClient client) => client.RecordInputAsync("any", "data:latest");

    private UsedArtifact Used(ManifestEntry entry, string digest) => new(_client, new VersionDetail(
        new VersionInfo("1", "exp", "data", "dataset", "v0", digest, 1, 1, null, null, 1, null, null, []), [entry], [], []));

    private async Task<UsedArtifact> UseAsync(string name) =>
        new(_client, await _client.RecordInputAsync("any", $"{name}:latest"));

    private Task<CairnRun> StartAsync() =>
        CairnRun.StartAsync(_client, false, new RunOptions(), new RunEnvironment(null, null, null), default);
}
