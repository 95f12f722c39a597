using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests;

/// <summary>
/// A server whose disk is a file system of a few megabytes that runs full. Mounting one needs root on Linux; elsewhere
/// these tests are skipped.
/// </summary>
public sealed class DiskFullTests : IAsyncLifetime
{
    private const int UpdateValues = 40;

    private readonly string mount = Directory.CreateTempSubdirectory("cairn-full-").FullName;
    private bool isMounted;
    private CairnServer? server;
    private HttpClient http = null!;

    public async ValueTask InitializeAsync()
    {
        isMounted = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && await RunAsync("mount", "-t", "tmpfs", "-o", "size=8m", "cairn-test", mount) == 0;
        Assert.SkipUnless(isMounted, "A file system of a few megabytes can only be mounted by root on Linux, where the kernel allows it.");
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            http.Dispose();
            await server.DisposeAsync();
        }

        if (isMounted)
        {
            await RunAsync("umount", "-l", mount);
        }

        Directory.Delete(mount, recursive: true);
    }

    [Fact]
    public async Task An_upload_that_does_not_fit_is_refused_and_leaves_nothing()
    {
        var run = await CreateRunAsync();
        await PutAsync($"/api/v1/runs/{run.Id}/files/fits.bin", Bytes(1, 100_000), HttpStatusCode.OK);
        var free = Free();
        var large = Bytes(2, 9_000_000);
        await AssertFullAsync(await PutAsync($"/api/v1/runs/{run.Id}/files/large.bin", large));
        await AssertFullAsync(await PutAsync($"/api/v1/blobs/{Digest(large)}", large));
        await AssertFullAsync(await PutAsync($"/api/2.0/mlflow-artifacts/artifacts/0/{run.Id}/artifacts/large.bin", large));

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri($"/api/v1/blobs/{Digest(large)}", UriKind.Relative))).StatusCode);
        Assert.Equal(["fits.bin"], (await GetAsync<RunFileList>($"/api/v1/runs/{run.Id}/files")).Files.Select(file => file.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(mount, "data", "blobs", "unfinished")));
        Assert.InRange(Free(), free - 200_000, long.MaxValue);
        await PutAsync($"/api/v1/runs/{run.Id}/files/fits-too.bin", Bytes(3, 100_000), HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("native")]
    [InlineData("mlflow")]
    public async Task Updates_on_a_full_disk_are_refused_whole_and_go_on_when_there_is_space(string door)
    {
        var run = await CreateRunAsync();
        await PostAsync(door, run.Id, 0, HttpStatusCode.OK);
        var filler = Fill();
        var number = 1;
        var answer = await PostAsync(door, run.Id, number);
        for (; answer.IsSuccessStatusCode && number < 2000; answer = await PostAsync(door, run.Id, ++number))
        {
            // What the log of the database has room for is still taken.
        }

        await AssertFullAsync(answer);
        await AssertFullAsync(await PostAsync(door, run.Id, number));
        await CheckAsync(run.Id, number);

        File.Delete(filler);
        await PostAsync(door, run.Id, number, HttpStatusCode.OK);
        await CheckAsync(run.Id, number + 1);
        await RestartAsync();
        await CheckAsync(run.Id, number + 1);
    }

    [Fact]
    public async Task A_commit_on_a_full_disk_makes_no_version_and_moves_no_alias()
    {
        var content = Bytes(4, 1000);
        await PutAsync($"/api/v1/blobs/{Digest(content)}", content, HttpStatusCode.NoContent);
        var filler = Fill();
        var number = 0;
        var answer = await CommitAsync(content, number);
        for (; answer.IsSuccessStatusCode && number < 2000; answer = await CommitAsync(content, ++number))
        {
            // As above.
        }

        await AssertFullAsync(answer);
        await CheckVersionsAsync(number);

        File.Delete(filler);
        Assert.Equal(HttpStatusCode.OK, (await CommitAsync(content, number)).StatusCode);
        await CheckVersionsAsync(number + 1);
        await RestartAsync();
        await CheckVersionsAsync(number + 1);
    }

    private async Task CheckAsync(string run, int updates)
    {
        var expected = Enumerable.Range(0, updates).Select(number => (long)number);
        var detail = await GetAsync<RunDetail>($"/api/v1/runs/{run}");
        Assert.Equal(expected, detail.Params.Keys.Select(key => long.Parse(key.AsSpan(1), CultureInfo.InvariantCulture)).Order());
        var series = await GetAsync<SeriesList>($"/api/v1/runs/{run}/series?buckets=0&key=m0&key=m{UpdateValues - 1}");
        Assert.All(series.Series, one => Assert.Equal(expected, one.Steps));
    }

    private async Task CheckVersionsAsync(int versions)
    {
        using var answer = await http.GetAsync(new Uri("/api/v1/artifacts/0/data", UriKind.Relative));
        if (versions == 0)
        {
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            return;
        }

        var detail = await ServerFixture.ReadAsync<ArtifactDetail>(answer);
        Assert.Equal(Enumerable.Range(0, versions).Select(i => $"v{i}").Order(), detail.Versions.Select(version => version.Version).Order());
        Assert.Equal(versions, detail.AliasHistory.Count(change => change.Alias == "latest"));
        var latest = await GetAsync<VersionDetail>("/api/v1/artifacts/resolve?ref=Default/data:latest");
        Assert.Equal($"v{versions - 1}", latest.Version.Version);
        Assert.Equal(100, latest.Manifest.Count);
    }

    private Task<HttpResponseMessage> CommitAsync(byte[] content, int number) => SendAsync(
        "/api/v1/artifacts/versions",
        new CommitVersionRequest(
            "data",
            "dataset",
            [.. Enumerable.Range(0, 100).Select(i => new ManifestEntry($"version-{number}/{i}.bin", Digest(content), content.Length))],
            ExperimentId: "0"));

    /// <summary>A param and a point of each of a number of series, all named by one number.</summary>
    private Task<HttpResponseMessage> PostAsync(string door, string run, int number) => door == "native"
        ? SendAsync(
            $"/api/v1/runs/{run}/updates",
            new RunUpdate(
                Params: new Dictionary<string, JsonElement> { [$"p{number}"] = JsonSerializer.SerializeToElement(new string('x', 4000)) },
                Points: [.. Enumerable.Range(0, UpdateValues).Select(i => new MetricPoint($"m{i}", number / 3.0, number, 1000))]))
        : PostTextAsync(
            "/api/2.0/mlflow/runs/log-batch",
            $$"""
            {"run_id":"{{run}}","params":[{"key":"p{{number}}","value":"{{new string('x', 4000)}}"}],
             "metrics":[{{string.Join(',', Enumerable.Range(0, UpdateValues).Select(i => $$"""{"key":"m{{i}}","value":0.5,"step":{{number}},"timestamp":1000}"""))}}]}
            """);

    private async Task PostAsync(string door, string run, int number, HttpStatusCode expected)
    {
        using var answer = await PostAsync(door, run, number);
        Assert.True(answer.StatusCode == expected || (answer.StatusCode == HttpStatusCode.NoContent && expected == HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
    }

    private static async Task AssertFullAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.InsufficientStorage, $"{(int)answer.StatusCode} {text}");
            Assert.Contains("full", text, StringComparison.Ordinal);
            Assert.Contains("Free some space", text, StringComparison.Ordinal);
        }
    }

    /// <summary>Takes all that is left of the disk.</summary>
    private string Fill()
    {
        var path = Path.Combine(mount, "filler");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            var page = new byte[4096];
            while (true)
            {
                file.Write(page);
            }
        }
        catch (IOException)
        {
            return path;
        }
    }

    private long Free() => new DriveInfo(mount).AvailableFreeSpace;

    private async Task<RunInfo> CreateRunAsync() => await ServerFixture.ReadAsync<RunInfo>(await PostTextAsync("/api/v1/runs", "{}"));

    private async Task<T> GetAsync<T>(string path) => await ServerFixture.ReadAsync<T>(await http.GetAsync(new Uri(path, UriKind.Relative)));

    private async Task<HttpResponseMessage> PutAsync(string path, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        return await http.PutAsync(new Uri(path, UriKind.Relative), body);
    }

    private async Task PutAsync(string path, byte[] content, HttpStatusCode expected)
    {
        using var answer = await PutAsync(path, content);
        Assert.Equal(expected, answer.StatusCode);
    }

    private Task<HttpResponseMessage> SendAsync<T>(string path, T body) => PostTextAsync(path, JsonSerializer.Serialize(body, CairnJson.Default.Options));

    private async Task<HttpResponseMessage> PostTextAsync(string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await http.PostAsync(new Uri(path, UriKind.Relative), body);
    }

    private static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private async Task StartAsync()
    {
        server = await CairnServer.StartAsync(
            new CairnServerOptions { DataFolder = Path.Combine(mount, "data"), Listen = "127.0.0.1:0", Quiet = true }, CancellationToken.None);
        http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    private async Task RestartAsync()
    {
        http.Dispose();
        await server!.DisposeAsync();
        await StartAsync();
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }
}
