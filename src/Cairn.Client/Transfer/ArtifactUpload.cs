using System.Net;
using Cairn.Client.Wire;

namespace Cairn.Client.Transfer;

/// <summary>
/// Logs one artifact version: hash, ask what is missing, send that, commit. Sending what is missing is also how an
/// interrupted upload goes on.
/// </summary>
internal sealed class ArtifactUpload(CairnClient client, NewArtifact artifact, IProgress<TransferProgress>? progress)
{
    private const int Parallelism = 4;

    public async Task<ArtifactVersion> CommitAsync(CommitVersionRequest destination, CancellationToken cancellation)
    {
        var sources = artifact.Sources;
        if (sources.Count == 0)
        {
            throw CairnClientException.Invalid(
                "manifest", $"The artifact \"{artifact.Name}\" holds no files. Add some with AddFile or AddDirectory.");
        }

        var digests = await HashAsync(sources, cancellation);
        var request = destination with
        {
            Manifest = [.. sources.Select((source, i) => new ManifestEntry(source.Path, digests[i].Sha256, digests[i].Length))],
        };
        var missing = await MissingAsync(request, cancellation);
        await UploadAsync(sources, digests, missing, cancellation);
        try
        {
            return await SendAsync(request, cancellation);
        }
        catch (CairnClientException refused) when (refused.Status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError)
        {
            // Content nobody referred to yet may have been swept away in between; anything else is a real refusal.
            missing = await MissingAsync(request, cancellation);
            if (missing.Count == 0)
            {
                throw;
            }
        }

        await UploadAsync(sources, digests, missing, cancellation);
        return await SendAsync(request, cancellation);
    }

    private async Task<ContentDigest[]> HashAsync(IReadOnlyList<ArtifactSource> sources, CancellationToken cancellation)
    {
        var digests = new ContentDigest[sources.Count];
        var meter = new ProgressMeter(progress, TransferPhase.Hashing, sources.Sum(s => s.Length), sources.Count);
        await Parallel.ForAsync(0, sources.Count, Parallel4(cancellation), async (i, stop) =>
        {
            var file = meter.NewFile();
            digests[i] = await sources[i].DigestAsync(file.Add, stop);
            file.Done();
        });
        return digests;
    }

    private async Task UploadAsync(
        IReadOnlyList<ArtifactSource> sources,
        ContentDigest[] digests,
        IReadOnlySet<string> missing,
        CancellationToken cancellation)
    {
        var work = sources.Zip(digests)
            .Where(pair => missing.Contains(pair.Second.Sha256))
            .DistinctBy(pair => pair.Second)
            .ToList();
        var meter = new ProgressMeter(progress, TransferPhase.Uploading, work.Sum(w => w.Second.Length), work.Count);
        await Parallel.ForEachAsync(work, Parallel4(cancellation), async (item, stop) =>
        {
            var file = meter.NewFile();
            await client.PutBlobAsync(item.Second, alive => item.First.Open(item.Second, alive, file), stop);
            file.Done();
        });
    }

    private Task<IReadOnlySet<string>> MissingAsync(CommitVersionRequest request, CancellationToken cancellation) =>
        client.FindMissingBlobsAsync(request.Manifest.Select(entry => entry.Digest), cancellation);

    private async Task<ArtifactVersion> SendAsync(CommitVersionRequest request, CancellationToken cancellation)
    {
        var answer = await client.CommitVersionAsync(request, cancellation);
        return new ArtifactVersion(answer.Version, answer.Created);
    }

    private static ParallelOptions Parallel4(CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellation };
}
