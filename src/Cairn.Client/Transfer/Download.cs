using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Cairn.Client.Http;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Client.Transfer;

/// <summary>
/// Brings content of a known digest into a local file. A broken transfer goes on at the byte where it broke; the bytes
/// are hashed as they arrive; the target appears by one rename, so that nobody ever sees a part of it.
/// </summary>
internal sealed class Download(ApiConnection api, ApiPath path, ContentDigest expected)
{
    private const int BufferSize = 256 << 10;
    private const int MaxRestarts = 3;

    private readonly Uri _address = api.Address(path);
    private readonly EntityTagHeaderValue _tag = new($"\"{expected.Sha256}\"");

    public async Task ToFileAsync(string target, ProgressMeter.FileMeter meter, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var part = $"{target}.{Guid.NewGuid():N}.part";
        try
        {
            using (var file = File.OpenHandle(
                part, FileMode.CreateNew, FileAccess.Write, FileShare.Read, FileOptions.Asynchronous, expected.Length))
            {
                await ReceiveAsync(file, meter, cancellation);
            }

            File.Move(part, target, overwrite: true);
            meter.Done();
        }
        finally
        {
            File.Delete(part);
        }
    }

    private async Task ReceiveAsync(SafeFileHandle file, ProgressMeter.FileMeter meter, CancellationToken cancellation)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long offset = 0;
        var restarts = 0;
        while (true)
        {
            var schedule = new RetrySchedule(api.Options, Persistence.Patient, api.Options.RetryFor);
            using var response = await api.SendAsync(_ => Request(offset), Persistence.Patient, cancellation);
            if (offset > 0 && !GoesOnAt(response, offset))
            {
                if (++restarts > MaxRestarts)
                {
                    throw ServerFault.Unreachable(api.Base, new IOException("the transfer broke again and again"));
                }

                _ = sha.GetHashAndReset();
                offset = 0;
                meter.Restart();
            }

            var (received, broken) = await CopyAsync(response, file, offset, sha, meter, cancellation);
            offset += received;
            if (broken is null)
            {
                break;
            }

            if (received == 0)
            {
                var pause = schedule.NextPause(null, null) ?? throw ServerFault.Unreachable(api.Base, broken);
                await Task.Delay(pause, api.Options.TimeProvider, cancellation);
            }
        }

        var actual = Convert.ToHexStringLower(sha.GetHashAndReset());
        if (offset != expected.Length || !string.Equals(actual, expected.Sha256, StringComparison.Ordinal))
        {
            throw new CairnClientException(
                null,
                "corrupt",
                $"What {_address} sent does not have its digest: expected {expected.Sha256} ({expected.Length} bytes), " +
                $"got {actual} ({offset} bytes). Try again; if it stays so, the server's copy is damaged.");
        }
    }

    private HttpRequestMessage Request(long offset)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, _address);
        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(_tag);
        }

        return request;
    }

    private static bool GoesOnAt(HttpResponseMessage response, long offset) =>
        response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == offset;

    /// <summary>Copies until the end or a break of the connection; faults of the local disk are thrown.</summary>
    private async Task<(long Received, Exception? Broken)> CopyAsync(
        HttpResponseMessage response,
        SafeFileHandle file,
        long offset,
        IncrementalHash sha,
        ProgressMeter.FileMeter meter,
        CancellationToken cancellation)
    {
        using var alive = new KeepAlive(api.Options, cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        long received = 0;
        try
        {
            using var body = await response.Content.ReadAsStreamAsync(alive.Token);
            while (true)
            {
                int count;
                try
                {
                    count = await body.ReadAsync(buffer, alive.Token);
                }
                catch (Exception broken) when (broken is IOException or HttpRequestException)
                {
                    return (received, broken);
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    return (received, ServerFault.Silent(api.Base, api.Options.SilenceTimeout));
                }

                if (count == 0 || offset + received + count > expected.Length)
                {
                    // Longer than it may be is wrong whatever follows: the caller sees the length.
                    return (received + count, null);
                }

                alive.Touch();
                sha.AppendData(buffer, 0, count);
                await RandomAccess.WriteAsync(file, buffer.AsMemory(0, count), offset + received, cancellation);
                received += count;
                meter.Add(count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
