using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cairn.Client.Wire;

namespace Cairn.Client.Tests.Fakes;

/// <summary>
/// As much of a Cairn server as the client's own behaviour needs, kept in memory and therefore through a crash of the
/// HTTP server in front of it. Updates are atomic and idempotent as the real ones are; a metric called "bad…" is refused.
/// </summary>
internal sealed partial class FakeCairn : IAsyncDisposable
{
    private readonly string _blobs = Directory.CreateTempSubdirectory("cairn-fake-").FullName;
    private readonly object _gate = new();

    public FakeCairn()
    {
        Http = new FakeHttpServer(ServeAsync);
        Http.Start();
    }

    public FakeHttpServer Http { get; }

    /// <summary>Every request that came, in order: "POST /api/v1/runs".</summary>
    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    public ConcurrentDictionary<string, FakeRun> Runs { get; } = new();

    public List<(CommitVersionRequest Request, VersionInfo Info)> Versions { get; } = [];

    /// <summary>Asked first for every request; null lets it through.</summary>
    public Func<FakeRequest, Task<FakeAnswer?>> Before { get; set; } = _ => Task.FromResult<FakeAnswer?>(null);

    /// <summary>Asked after a request has been carried out: may replace its answer.</summary>
    public Func<FakeRequest, FakeAnswer, FakeAnswer> After { get; set; } = (_, answer) => answer;

    /// <summary>Called after each update that was applied.</summary>
    public Action<FakeRun, RunUpdate> Updated { get; set; } = (_, _) => { };

    /// <param name="warn">Hears warnings.</param>
    /// <param name="flush">How long values wait for others; where a test counts requests, so long that the clock sends none.</param>
    public CairnClientOptions Options(Action<string>? warn = null, TimeSpan? flush = null) => new()
    {
        Url = Http.Url,
        RetryDelay = TimeSpan.FromMilliseconds(5),
        MaxRetryDelay = TimeSpan.FromMilliseconds(20),
        FlushInterval = flush ?? TimeSpan.FromMilliseconds(20),
        FinishOnExit = false,
        CacheFolder = Path.Combine(_blobs, "cache"),
        Warn = warn ?? (_ => { }),
    };

    public int Count(string method, string path) =>
        Requests.Count(r => r.Method == method && Regex.IsMatch(r.Path, $"^{path}$"));

    public FakeRun AddRun(string id)
    {
        var info = new RunInfo(id, "1", "exp", $"name-{id}", "running", "active", 1000, null, "ann", null, null);
        return Runs[id] = new FakeRun(info);
    }

    public string BlobFile(string digest) => Path.Combine(_blobs, digest);

    public async ValueTask DisposeAsync()
    {
        await Http.DisposeAsync();
        Directory.Delete(_blobs, recursive: true);
    }

    private async Task<FakeAnswer> ServeAsync(FakeRequest request)
    {
        Requests.Enqueue(request);
        return await Before(request) ?? After(request, await RouteAsync(request));
    }

    private async Task<FakeAnswer> RouteAsync(FakeRequest request)
    {
        var parts = request.Path.Trim('/').Split('/');
        return (request.Method, parts) switch
        {
            ("GET", ["health"]) => FakeAnswer.Text(200, "OK"),
            ("GET", [_, _, "server"]) =>
                FakeAnswer.Json(new ServerInfo("0.1.0", 1, null, false), CairnJson.Default.ServerInfo),
            ("POST", [_, _, "runs"]) => Create(await BodyAsync(request, CairnJson.Default.CreateRunRequest)),
            ("GET", [_, _, "runs", var id]) => WithRun(id, run => FakeAnswer.Json(run.Detail(), CairnJson.Default.RunDetail)),
            ("POST", [_, _, "runs", var id, "updates"]) => Update(id, await BodyAsync(request, CairnJson.Default.RunUpdate)),
            ("POST", [_, _, "runs", _, "inputs"]) =>
                Resolve((await BodyAsync(request, CairnJson.Default.UseArtifactRequest)).Artifact),
            ("PUT", [_, _, "runs", var id, "files", ..]) => await PutFileAsync(id, request),
            ("POST", [_, _, "blobs", "missing"]) => Missing(await BodyAsync(request, CairnJson.Default.MissingBlobsRequest)),
            ("PUT", [_, _, "blobs", var digest]) => await PutBlobAsync(digest, request),
            ("POST", [_, _, "artifacts", "versions"]) => Commit(await BodyAsync(request, CairnJson.Default.CommitVersionRequest)),
            ("GET", [_, _, "blobs", var digest]) => Content(digest, request),
            _ => FakeAnswer.Error(404, "not_found", $"There is no route {request}."),
        };
    }

    private FakeAnswer Create(CreateRunRequest request)
    {
        var info = new RunInfo(
            request.Id!, "1", request.Experiment!, request.Name ?? "calm-river-12", "running", "active", request.StartedAt ?? 0, null,
            request.Author, request.JobType, request.ParentId);
        var run = Runs.GetOrAdd(info.Id, _ => new FakeRun(info) { Created = request });
        return FakeAnswer.Json(run.Info, CairnJson.Default.RunInfo);
    }

    private FakeAnswer Update(string id, RunUpdate update) => WithRun(id, run =>
    {
        lock (_gate)
        {
            if (run.Fault(update) is { } fault)
            {
                return fault;
            }

            run.Apply(update);
            Updated(run, update);
            return FakeAnswer.NoContent;
        }
    });

    private async Task<FakeAnswer> PutFileAsync(string id, FakeRequest request)
    {
        var path = Uri.UnescapeDataString(request.Path[(request.Path.IndexOf("/files/", StringComparison.Ordinal) + 7)..]);
        var bytes = await request.BodyAsync();
        return WithRun(id, run =>
        {
            run.Files[path] = bytes;
            return FakeAnswer.Json(new RunFileInfo(path, bytes.Length, Sha256(bytes), 1), CairnJson.Default.RunFileInfo);
        });
    }

    private FakeAnswer Missing(MissingBlobsRequest request) => FakeAnswer.Json(
        new MissingBlobsResponse([.. request.Digests.Where(digest => !File.Exists(BlobFile(digest)))]),
        CairnJson.Default.MissingBlobsResponse);

    private async Task<FakeAnswer> PutBlobAsync(string digest, FakeRequest request)
    {
        var part = $"{BlobFile(digest)}.{Guid.NewGuid():N}";
        using (var file = File.Create(part))
        {
            await request.CopyBodyAsync(file);
            file.Position = 0;
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(file)) != digest)
            {
                return FakeAnswer.Error(400, "invalid_argument", "The bytes do not have that digest.", "sha256");
            }
        }

        File.Move(part, BlobFile(digest), overwrite: true);
        return FakeAnswer.NoContent;
    }

    private FakeAnswer Commit(CommitVersionRequest request)
    {
        lock (_gate)
        {
            if (request.Manifest.FirstOrDefault(entry => !File.Exists(BlobFile(entry.Digest))) is { } absent)
            {
                return FakeAnswer.Error(412, "failed_precondition", $"The content of {absent.Path} is not there.", "manifest");
            }

            var digest = ManifestDigest(request.Manifest);
            var same = Versions.FirstOrDefault(v => v.Info.Name == request.Name && v.Info.Digest == digest);
            if (same.Info is not null)
            {
                return FakeAnswer.Json(new CommitVersionResponse(same.Info, false), CairnJson.Default.CommitVersionResponse);
            }

            var index = Versions.Count(v => v.Info.Name == request.Name);
            var info = new VersionInfo(
                "1", "exp", request.Name, request.Type, $"v{index}", digest, request.Manifest.Sum(m => m.Size), request.Manifest.Count,
                request.Description, request.Metadata, 1, request.Author, request.RunId, ["latest", .. request.Aliases ?? []]);
            Versions.Add((request, info));
            return FakeAnswer.Json(new CommitVersionResponse(info, true), CairnJson.Default.CommitVersionResponse);
        }
    }

    private FakeAnswer Resolve(string reference)
    {
        var name = reference.Split(':')[0];
        var found = Versions.LastOrDefault(v => v.Info.Name == name);
        return found.Info is null
            ? FakeAnswer.Error(404, "not_found", $"There is no artifact {reference}.", "artifact")
            : FakeAnswer.Json(new VersionDetail(found.Info, found.Request.Manifest, [], []), CairnJson.Default.VersionDetail);
    }

    private FakeAnswer Content(string digest, FakeRequest request)
    {
        var from = 0L;
        if (request.Headers.TryGetValue("Range", out var range) && request.Headers.GetValueOrDefault("If-Range") == $"\"{digest}\"")
        {
            from = long.Parse(RangeStart().Match(range).Groups[1].Value, CultureInfo.InvariantCulture);
        }

        var answer = new FakeAnswer(from > 0 ? 206 : 200, () =>
        {
            var rest = File.OpenRead(BlobFile(digest));
            rest.Position = from;
            return rest;
        });
        if (from > 0)
        {
            answer.Headers["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{new FileInfo(BlobFile(digest)).Length - 1}/*");
        }

        return answer;
    }

    private FakeAnswer WithRun(string id, Func<FakeRun, FakeAnswer> serve) => Runs.TryGetValue(id, out var run)
        ? serve(run)
        : FakeAnswer.Error(404, "not_found", $"There is no run {id}.", "runId");

    private static async Task<T> BodyAsync<T>(FakeRequest request, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(await request.BodyAsync(), type)!;

    private static string ManifestDigest(IEnumerable<ManifestEntry> manifest) => Sha256(System.Text.Encoding.UTF8.GetBytes(
        "cairn-manifest-v1\n" + string.Concat(manifest.Select(m => $"{m.Path}:{m.Digest}:{m.Size}\n"))));

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    [GeneratedRegex("bytes=([0-9]+)-")]
    private static partial Regex RangeStart();
}
