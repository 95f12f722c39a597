using System.Text.Json;
using Cairn.Client.Tests.Fakes;

namespace Cairn.Client.Tests;

public sealed class UploadTests : IAsyncDisposable
{
    private readonly FakeCairn _server = new();
    private readonly TestFolder _folder = new();
    private readonly CairnClient _client;

    public UploadTests() => _client = new CairnClient(_server.Options());

    [Fact]
    public async Task A_version_is_logged_with_everything_said_about_it()
    {
        await using var run = await StartAsync();
        var artifact = new NewArtifact("clean_data.csv", "dataset")
        {
            Description = "cleaned",
            Metadata = new Dictionary<string, object?> { ["rows"] = 12, ["by"] = new[] { "a", "b" } },
            Aliases = ["reference"],
        };
        artifact.AddFile(_folder.Write("clean_data.csv", "a,b\n"));

        var version = await run.LogArtifactAsync(artifact);

        Assert.Equal(("v0", true, "clean_data.csv:v0"), (version.Version, version.Created, version.Reference));
        var (request, _) = Assert.Single(_server.Versions);
        Assert.Equal((run.Id, "dataset", "cleaned"), (request.RunId, request.Type, request.Description));
        Assert.Null(request.Experiment);
        Assert.Equal("""{"rows":12,"by":["a","b"]}""", JsonSerializer.Serialize(request.Metadata));
        Assert.Equal(["reference"], request.Aliases);
        Assert.Equal([("clean_data.csv", 4L)], request.Manifest.Select(m => (m.Path, m.Size)));
    }

    [Fact]
    public async Task Content_the_server_has_is_not_sent_again_and_makes_no_new_version()
    {
        await using var run = await StartAsync();
        var artifact = new NewArtifact("data", "dataset")
            .AddText("a", "same").AddText("b", "same").AddText("c", "other").AddText("empty", "");

        var first = await run.LogArtifactAsync(artifact);
        Assert.Equal(3, _server.Count("PUT", "/api/v1/blobs/.*"));
        var second = await run.LogArtifactAsync(artifact);

        Assert.Equal(3, _server.Count("PUT", "/api/v1/blobs/.*"));
        Assert.Equal((true, false), (first.Created, second.Created));
        Assert.Equal(first.Version, second.Version);
    }

    [Fact]
    public async Task At_most_four_files_are_on_their_way_at_once()
    {
        var now = 0;
        var most = 0;
        var four = new TaskCompletionSource();
        _server.Before = async request =>
        {
            if (request.Method == "PUT")
            {
                var here = Interlocked.Increment(ref now);
                lock (four)
                {
                    most = Math.Max(most, here);
                }

                if (here == 4)
                {
                    four.TrySetResult();
                }

                await four.Task;
                Interlocked.Decrement(ref now);
            }

            return null;
        };
        var artifact = new NewArtifact("data", "dataset");
        for (var i = 0; i < 24; i++)
        {
            artifact.AddText($"{i}", $"text {i}");
        }

        await _client.LogArtifactAsync("exp", artifact);

        Assert.Equal(4, most);
        Assert.Equal(24, _server.Versions.Single().Info.FileCount);
    }

    [Fact]
    public async Task An_upload_that_broke_off_sends_only_what_is_missing_when_it_is_called_again()
    {
        var artifact = new NewArtifact("data", "dataset");
        for (var i = 0; i < 12; i++)
        {
            artifact.AddText($"{i}", $"text {i}");
        }

        var left = 5;
        var stored = 0;
        var five = new TaskCompletionSource();
        _server.After = (request, answer) =>
        {
            if (request.Method == "PUT" && Interlocked.Increment(ref stored) == 5)
            {
                five.SetResult();
            }

            return answer;
        };
        _server.Before = async request =>
        {
            if (request.Method != "PUT" || Interlocked.Decrement(ref left) >= 0)
            {
                return null;
            }

            await five.Task;
            return FakeAnswer.Error(403, "forbidden", "Enough.");
        };
        await Assert.ThrowsAsync<CairnClientException>(() => _client.LogArtifactAsync("exp", artifact));
        Assert.Empty(_server.Versions);

        // What was on its way when the first was refused is over now, and cannot be counted below.
        await _server.Http.CrashAsync();
        _server.Http.Start();
        _server.Before = _ => Task.FromResult<FakeAnswer?>(null);
        _server.Requests.Clear();
        await _client.LogArtifactAsync("exp", artifact);

        Assert.Equal(7, _server.Count("PUT", "/api/v1/blobs/.*"));
        Assert.Single(_server.Versions);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_of_a_file_costs_a_retry_and_nothing_else()
    {
        var breaks = 3;
        _server.Before = async request =>
        {
            if (request.Method == "PUT" && breaks-- > 0)
            {
                await request.CopyBodyAsync(Stream.Null, cutAfter: 700_000);
                return FakeAnswer.Cut;
            }

            return null;
        };
        var progress = new ProgressLog();
        var artifact = new NewArtifact("big", "dataset").AddFile(_folder.WriteLarge("big.bin", 5_000_000, 1));

        var version = await _client.LogArtifactAsync("exp", artifact, progress: progress);

        Assert.Equal(5_000_000, version.Info.Size);
        Assert.Equal(
            new TransferProgress(TransferPhase.Uploading, 5_000_000, 5_000_000, 1, 1), progress.Best(TransferPhase.Uploading));
    }

    [Fact]
    public async Task Content_that_was_swept_away_before_the_commit_is_sent_again()
    {
        var first = true;
        _server.Before = request =>
        {
            if (first && request.Path.EndsWith("/versions", StringComparison.Ordinal))
            {
                first = false;
                File.Delete(_server.BlobFile(new DirectoryInfo(_server.BlobFile("")).EnumerateFiles().First().Name));
            }

            return Task.FromResult<FakeAnswer?>(null);
        };

        var version = await _client.LogArtifactAsync("exp", new NewArtifact("data", "dataset").AddText("a", "x").AddText("b", "y"));

        Assert.True(version.Created);
        Assert.Equal(3, _server.Count("PUT", "/api/v1/blobs/.*"));
    }

    [Fact]
    public async Task A_file_that_is_cut_while_it_is_sent_is_named()
    {
        var file = _folder.WriteLarge("growing.bin", 3_000_000, 3);
        _server.Before = request =>
        {
            if (request.Path.EndsWith("/missing", StringComparison.Ordinal))
            {
                File.WriteAllText(file, "short");
            }

            return Task.FromResult<FakeAnswer?>(null);
        };

        var changed = await Assert.ThrowsAsync<CairnClientException>(
            () => _client.LogArtifactAsync("exp", new NewArtifact("data", "dataset").AddFile(file)));

        Assert.Equal("file", changed.Field);
        Assert.Contains("growing.bin", changed.Message, StringComparison.Ordinal);
        Assert.Contains("changed", changed.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Versions);
    }

    [Fact]
    public async Task A_file_that_someone_goes_on_writing_is_logged_as_it_was()
    {
        var file = _folder.Write("log.txt", "one\n");
        _server.Before = request =>
        {
            if (request.Path.EndsWith("/missing", StringComparison.Ordinal))
            {
                File.AppendAllText(file, "two\n");
            }

            return Task.FromResult<FakeAnswer?>(null);
        };

        var version = await _client.LogArtifactAsync("exp", new NewArtifact("log", "log").AddFile(file));

        Assert.Equal(4, version.Info.Size);
    }

    [Fact]
    public void A_folder_is_added_with_all_its_files()
    {
        _folder.Write("tree/a.txt", "a");
        _folder.Write("tree/sub/.hidden", "b");
        File.CreateSymbolicLink(_folder["tree/link.txt"], _folder["tree/a.txt"]);
        Directory.CreateDirectory(_folder["tree/empty"]);

        var artifact = new NewArtifact("tree", "dataset").AddDirectory(_folder["tree"]).AddDirectory(_folder["tree"], "copy");

        Assert.Equal(
            ["a.txt", "copy/a.txt", "copy/link.txt", "copy/sub/.hidden", "link.txt", "sub/.hidden"],
            artifact.Sources.Select(source => source.Path));
    }

    [Theory]
    [InlineData("../outside.txt", "leads out of the folder")]
    [InlineData("nowhere", "leads nowhere")]
    [InlineData("sub", "leads to a folder")]
    [InlineData("link", "leads nowhere")]
    public void A_link_that_leads_elsewhere_is_refused(string target, string fault)
    {
        _folder.Write("outside.txt", "secret");
        _folder.Write("tree/sub/a.txt", "a");
        File.CreateSymbolicLink(_folder["tree/link"], target);

        var refused = Assert.Throws<CairnClientException>(() => new NewArtifact("tree", "dataset").AddDirectory(_folder["tree"]));

        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        Assert.Contains("link", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_added_is_told_at_once()
    {
        var file = _folder.Write("a.txt", "a");
        var artifact = new NewArtifact("data", "dataset").AddFile(file);

        Assert.Contains("already has", Assert.Throws<CairnClientException>(() => artifact.AddFile(file)).Message, StringComparison.Ordinal);
        Assert.Contains("no file", Assert.Throws<CairnClientException>(() => artifact.AddFile(_folder["b"])).Message, StringComparison.Ordinal);
        Assert.Contains("AddDirectory", Assert.Throws<CairnClientException>(() => artifact.AddFile(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Equal("name", Assert.Throws<CairnClientException>(() => new NewArtifact("a/b", "dataset")).Field);
        Assert.Equal("type", Assert.Throws<CairnClientException>(() => new NewArtifact("a", "")).Field);
        Assert.Equal("alias", Assert.Throws<CairnClientException>(() => new NewArtifact("a", "b") { Aliases = ["prod", "v3"] }).Field);
        Assert.Contains("..", Assert.Throws<CairnClientException>(() => artifact.AddFile(file, "../x")).Message, StringComparison.Ordinal);
        var empty = await Assert.ThrowsAsync<CairnClientException>(() => _client.LogArtifactAsync("exp", new NewArtifact("none", "dataset")));
        Assert.Contains("holds no files", empty.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _folder.Dispose();
        await _server.DisposeAsync();
    }

    private Task<CairnRun> StartAsync() =>
        CairnRun.StartAsync(_client, false, new RunOptions(), new RunEnvironment(null, null, null), default);
}
