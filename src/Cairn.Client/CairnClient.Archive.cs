using Cairn.Client.Http;
using Cairn.Client.Transfer;
using Cairn.Client.Wire;

namespace Cairn.Client;

public sealed partial class CairnClient
{
    /// <summary>A page of things as an import takes them, such as "artifacts" or "traces"; docs/archive.md names the kinds.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="after">What the page before said, or null for the first.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<ThingPage> ExportThingsAsync(string kind, string? after = null, CancellationToken cancellation = default) =>
        _api.GetAsync(ApiPath.Of("export").Segment(kind, "kind").Query("after", after), CairnJson.Default.ThingPage, cancellation);

    /// <summary>Takes things in; their contents must have been sent before.</summary>
    public Task<ImportedThings> ImportThingsAsync(string kind, ImportThings things, CancellationToken cancellation = default) =>
        _api.PostAsync(ApiPath.Of("import").Segment(kind, "kind"), things, CairnJson.Default.ImportThings, CairnJson.Default.ImportedThings, cancellation);

    /// <summary>Files that belong to no run: those of logged models and traces, and what clients put beside.</summary>
    public async Task<IReadOnlyList<RunFileInfo>> ListServerFilesAsync(CancellationToken cancellation = default) =>
        (await _api.GetAsync(ApiPath.Of("export/files"), CairnJson.Default.RunFileList, cancellation)).Files;

    /// <summary>Downloads one of these into a local file, which appears in one step.</summary>
    public Task DownloadServerFileAsync(RunFileInfo file, string target, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        var meter = new ProgressMeter(null, TransferPhase.Downloading, file.Size, 1);
        return new Download(_api, ApiPath.Of("export/files").File(file.Path), new ContentDigest(file.Digest, file.Size))
            .ToFileAsync(Path.GetFullPath(target), meter.NewFile(), cancellation);
    }

    /// <summary>Puts a local file among these; one that is there under that path is replaced in one step.</summary>
    public async Task<RunFileInfo> PutServerFileAsync(string path, string localFile, CancellationToken cancellation = default)
    {
        var digest = await LocalFile.DigestAsync(localFile, null, cancellation);
        var meter = new ProgressMeter(null, TransferPhase.Uploading, digest.Length, 1);
        var file = meter.NewFile();
        var source = new ArtifactSource(path, localFile, default);
        return await _api.SendForAsync(
            HttpMethod.Put,
            ApiPath.Of("import/files").File(path),
            alive => Checked(source.Open(digest, alive, file), digest),
            CairnJson.Default.RunFileInfo,
            cancellation);
    }

    /// <summary>Stores a local file as content and answers its SHA-256; one that is there is not sent again.</summary>
    public async Task<string> PutBlobAsync(string localFile, CancellationToken cancellation = default)
    {
        var digest = await LocalFile.DigestAsync(localFile, null, cancellation);
        if ((await FindMissingBlobsAsync([digest.Sha256], cancellation)).Count > 0)
        {
            var meter = new ProgressMeter(null, TransferPhase.Uploading, digest.Length, 1);
            var file = meter.NewFile();
            await PutBlobAsync(digest, alive => new ArtifactSource("content", localFile, default).Open(digest, alive, file), cancellation);
        }

        return digest.Sha256;
    }
}
