using Cairn.Client.Http;

namespace Cairn.Client.Transfer;

/// <summary>One file of an artifact to be logged: its path in there, and a local file or bytes to take it from.</summary>
internal sealed record ArtifactSource(string Path, string? LocalFile, ReadOnlyMemory<byte> Bytes)
{
    public long Length => LocalFile is null ? Bytes.Length : new FileInfo(LocalFile).Length;

    public Task<ContentDigest> DigestAsync(Action<long> read, CancellationToken cancellation)
    {
        if (LocalFile is not null)
        {
            return Transfer.LocalFile.DigestAsync(LocalFile, read, cancellation);
        }

        read(Bytes.Length);
        return Task.FromResult(ContentDigest.Of(Bytes.Span));
    }

    public HttpContent Open(ContentDigest digest, KeepAlive alive, ProgressMeter.FileMeter meter)
    {
        meter.Restart();
        if (LocalFile is not null)
        {
            return new StreamedContent(LocalFile, digest.Length, alive, meter);
        }

        meter.Add(Bytes.Length);
        return CairnClient.OctetStream(Bytes);
    }
}
