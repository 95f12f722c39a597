using System.Net.Http.Headers;
using Cairn.Client.Http;
using Cairn.Client.Transfer;
using Cairn.Client.Wire;

namespace Cairn.Client;

public sealed partial class CairnClient
{
    /// <summary>All files of a run, ordered by path.</summary>
    public async Task<IReadOnlyList<RunFileInfo>> ListRunFilesAsync(string runId, CancellationToken cancellation = default) =>
        (await _api.GetAsync(RunPath(runId).Literal("files"), CairnJson.Default.RunFileList, cancellation)).Files;

    /// <summary>Puts a local file into a run; a file that is there under that path is replaced in one step.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="path">Path in the run: relative, with forward slashes.</param>
    /// <param name="localFile">The file to read. Its bytes are hashed first and checked by the server.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Cancels the call; the run then keeps what it had.</param>
    public async Task<RunFileInfo> PutRunFileAsync(
        string runId,
        string path,
        string localFile,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var target = RunFilePath(runId, path);
        var digest = await LocalFile.DigestAsync(localFile, null, cancellation);
        var meter = new ProgressMeter(progress, TransferPhase.Uploading, digest.Length, 1);
        var file = meter.NewFile();
        var source = new ArtifactSource(path, localFile, default);
        var answer = await _api.SendForAsync(
            HttpMethod.Put,
            target,
            alive => Checked(source.Open(digest, alive, file), digest),
            CairnJson.Default.RunFileInfo,
            cancellation);
        file.Done();
        return answer;
    }

    /// <summary>Puts bytes into a run as a file; a file that is there under that path is replaced in one step.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="path">Path in the run: relative, with forward slashes.</param>
    /// <param name="bytes">The content. Must not change until the call has ended.</param>
    /// <param name="cancellation">Cancels the call; the run then keeps what it had.</param>
    public Task<RunFileInfo> PutRunFileAsync(
        string runId, string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        var digest = ContentDigest.Of(bytes.Span);
        return _api.SendForAsync(
            HttpMethod.Put,
            RunFilePath(runId, path),
            _ => Checked(OctetStream(bytes), digest),
            CairnJson.Default.RunFileInfo,
            cancellation);
    }

    /// <summary>Opens a file of a run for reading from the network. The caller disposes the stream.</summary>
    public Task<Stream> OpenRunFileAsync(string runId, string path, CancellationToken cancellation = default) =>
        OpenAsync(RunFilePath(runId, path), cancellation);

    /// <summary>Downloads a file of a run. A broken transfer goes on where it broke; the target appears in one step, complete.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="file">The file, as listed.</param>
    /// <param name="target">The local file to write; its folder is made if missing, a file that is there is replaced.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Cancels the call; the target then stays as it was.</param>
    /// <exception cref="CairnClientException">With the code "corrupt" where the bytes do not have the digest of the listing.</exception>
    /// <exception cref="IOException">The local disk does not take the file.</exception>
    public async Task DownloadRunFileAsync(
        string runId,
        RunFileInfo file,
        string target,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        var meter = new ProgressMeter(progress, TransferPhase.Downloading, file.Size, 1);
        var download = new Download(_api, RunFilePath(runId, file.Path), new ContentDigest(file.Digest, file.Size));
        await download.ToFileAsync(Path.GetFullPath(target), meter.NewFile(), cancellation);
    }

    /// <summary>Removes a file from a run.</summary>
    public Task DeleteRunFileAsync(string runId, string path, CancellationToken cancellation = default) =>
        _api.DeleteAsync(RunFilePath(runId, path), cancellation);

    /// <summary>Which of these contents the server lacks.</summary>
    /// <param name="digests">SHA-256 digests, 64 lower-case hexadecimal digits each. Any number: it is asked in parts.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<IReadOnlySet<string>> FindMissingBlobsAsync(
        IEnumerable<string> digests, CancellationToken cancellation = default)
    {
        var missing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in digests.Distinct(StringComparer.Ordinal).Chunk(10_000))
        {
            var answer = await _api.PostAsync(
                ApiPath.Of("blobs/missing"),
                new MissingBlobsRequest(part),
                CairnJson.Default.MissingBlobsRequest,
                CairnJson.Default.MissingBlobsResponse,
                cancellation);
            missing.UnionWith(answer.Missing);
        }

        return missing;
    }

    /// <summary>Stores bytes as content and answers its SHA-256. It belongs to nothing until a version is committed.</summary>
    public async Task<string> PutBlobAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        var digest = ContentDigest.Of(bytes.Span);
        await PutBlobAsync(digest, _ => OctetStream(bytes), cancellation);
        return digest.Sha256;
    }

    /// <summary>Opens content by its digest for reading from the network. The caller disposes the stream.</summary>
    public Task<Stream> OpenBlobAsync(string sha256, CancellationToken cancellation = default) =>
        OpenAsync(BlobPath(sha256), cancellation);

    internal async Task PutBlobAsync(ContentDigest digest, Func<KeepAlive, HttpContent> content, CancellationToken cancellation)
    {
        var address = _api.Address(BlobPath(digest.Sha256));
        using var answer = await _api.SendAsync(
            alive => new HttpRequestMessage(HttpMethod.Put, address) { Content = content(alive) },
            Persistence.Patient,
            cancellation);
    }

    internal static HttpContent OctetStream(ReadOnlyMemory<byte> bytes) => new ReadOnlyMemoryContent(bytes)
    {
        Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") },
    };

    private async Task<Stream> OpenAsync(ApiPath path, CancellationToken cancellation)
    {
        var address = _api.Address(path);
        var response = await _api.SendAsync(
            _ => new HttpRequestMessage(HttpMethod.Get, address), Persistence.Patient, cancellation);
        return await response.Content.ReadAsStreamAsync(cancellation);
    }

    private static HttpContent Checked(HttpContent content, ContentDigest digest)
    {
        content.Headers.Add("X-Cairn-Sha256", digest.Sha256);
        return content;
    }

    private static ApiPath RunFilePath(string runId, string path) => RunPath(runId).Literal("files").File(path);

    internal static ApiPath BlobPath(string sha256) => ApiPath.Of("blobs").Segment(sha256, "sha256");
}
