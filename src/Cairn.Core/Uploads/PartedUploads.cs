using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cairn.Core.Security;

namespace Cairn.Core.Uploads;

/// <summary>
/// Contents that clients send in parts, in any order, several at once, and again after a fault. When all are there, the
/// client completes the upload: the parts are read one after the other as the one content they are, which is then kept as
/// any other. Every step may be repeated.
/// </summary>
public sealed class PartedUploads(IPartStore store, TimeProvider clock)
{
    /// <summary>As many as the object stores allow for which clients count.</summary>
    public const int MostParts = 10_000;

    /// <summary>Addresses of parts are good for so long; an upload that was left alone for longer is given up.</summary>
    public static readonly TimeSpan Patience = SignedAddresses.Life;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Task> completing = new(StringComparer.Ordinal);

    /// <summary>Begins an upload of content that nobody knows yet.</summary>
    public Task<PartedUpload> BeginAsync(string target, long parts, CancellationToken cancellationToken) =>
        store.BeginAsync(new PartedUpload(Guid.NewGuid().ToString("N"), target, CheckCount(parts), []), cancellationToken);

    /// <summary>Begins an upload whose parts are known; begun again for the same target, it goes on with the parts that are there.</summary>
    /// <param name="target">What it is for.</param>
    /// <param name="md5s">Of the parts, in order, hexadecimal.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<PartedUpload> BeginAsync(string target, IReadOnlyList<string> md5s, CancellationToken cancellationToken)
    {
        var name = SHA256.HashData(Encoding.UTF8.GetBytes($"{target}\n{string.Join('\n', md5s)}"));
        var asked = new PartedUpload(Convert.ToHexStringLower(name.AsSpan(0, 16)), target, CheckCount(md5s.Count), md5s);
        var upload = await store.BeginAsync(asked, cancellationToken);
        if (!upload.IsFinished)
        {
            return upload;
        }

        // The content it became has been collected since, or the client would have been told that it is here.
        await store.RemoveAsync(upload.Id, cancellationToken);
        return await store.BeginAsync(asked, cancellationToken);
    }

    /// <summary>Takes a part. The same part again replaces it.</summary>
    /// <param name="id">The upload.</param>
    /// <param name="number">From 1.</param>
    /// <param name="content">Read to its end, with constant memory.</param>
    /// <param name="md5">What the sender says it hashes to, hexadecimal, or null.</param>
    /// <param name="length">Announced length, or null.</param>
    /// <param name="cancellationToken">Nothing is kept then.</param>
    public async Task<UploadedPart> ReceiveAsync(string id, long number, Stream content, string? md5, long? length, CancellationToken cancellationToken)
    {
        var upload = await GetAsync(id, cancellationToken);
        if (upload.IsFinished)
        {
            throw new CairnException(ErrorCode.FailedPrecondition, "This upload is complete: it takes no more parts.");
        }

        if (number < 1 || number > upload.Parts)
        {
            throw CairnException.Invalid("part_number", $"There is no part {number}: this upload has the parts 1 to {upload.Parts}.");
        }

        var expected = upload.Md5s.Count > 0 ? upload.Md5s[(int)number - 1] : md5;
        if (md5 is not null && md5 != expected)
        {
            throw CairnException.Invalid("Content-MD5", $"Part {number} was announced with the MD5 {expected}, and is now said to have {md5}.");
        }

        return await store.WriteAsync(id, (int)number, content, expected, length, cancellationToken);
    }

    /// <summary>
    /// Joins the parts: <paramref name="keep"/> gets the whole content and its length, and keeps it. Asked again, also
    /// while it is being done, it is done once. Not given up when the caller goes away.
    /// </summary>
    /// <param name="id">The upload.</param>
    /// <param name="target">Must be the one it was begun for.</param>
    /// <param name="claims">The parts that the client sent; each must be there as the client knows it, and none may be missing.</param>
    /// <param name="keep">Keeps the content, durably.</param>
    /// <param name="cancellationToken">Ends the wait, not the work.</param>
    /// <exception cref="CairnException">Naming the part that is missing, is there twice or is another.</exception>
    public async Task CompleteAsync(
        string id,
        string target,
        IReadOnlyList<ClaimedPart> claims,
        Func<Stream, long, Task> keep,
        CancellationToken cancellationToken)
    {
        var upload = await GetAsync(id, cancellationToken);
        if (upload.Target != target)
        {
            throw CairnException.Invalid("upload_id", $"The upload '{id}' was begun for another file.");
        }

        if (upload.IsFinished)
        {
            return;
        }

        var parts = Match(upload, claims, await store.ListAsync(id, cancellationToken));
        Task work;
        lock (gate)
        {
            if (!completing.TryGetValue(id, out work!))
            {
                completing[id] = work = Task.Run(() => JoinAsync(id, parts, keep), CancellationToken.None);
            }
        }

        await work.WaitAsync(cancellationToken);
    }

    /// <summary>Gives an upload up. One that is not there, or is complete, is left as it is: a client that repeats the call wants nothing else.</summary>
    public async Task AbortAsync(string id, string target, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { IsFinished: false } upload)
        {
            return;
        }

        if (upload.Target != target)
        {
            throw CairnException.Invalid("upload_id", $"The upload '{id}' was begun for another file.");
        }

        await store.RemoveAsync(id, cancellationToken);
    }

    public async Task<PartedUpload> GetAsync(string id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken)
        ?? throw CairnException.NotFound($"There is no upload '{Shorten(id)}', or it was given up. Begin a new one.");

    /// <summary>Gives up what was left alone for longer than <see cref="Patience"/>.</summary>
    public Task<RemovedUploads> SweepAsync(bool dryRun, CancellationToken cancellationToken) =>
        store.CollectAsync(clock.GetUtcNow() - Patience, dryRun, cancellationToken);

    private async Task JoinAsync(string id, IReadOnlyList<UploadedPart> parts, Func<Stream, long, Task> keep)
    {
        try
        {
            // Whoever asked before this one may have been done in between.
            if (await store.FindAsync(id, CancellationToken.None) is { IsFinished: false })
            {
                await using var content = store.OpenRead(id, parts);
                await keep(content, parts.Sum(part => part.Length));
                await store.FinishAsync(id, CancellationToken.None);
            }
        }
        finally
        {
            lock (gate)
            {
                completing.Remove(id);
            }
        }
    }

    private static List<UploadedPart> Match(PartedUpload upload, IReadOnlyList<ClaimedPart> claims, IReadOnlyList<UploadedPart> there)
    {
        var byNumber = there.ToDictionary(part => (long)part.Number);
        var matched = new SortedDictionary<long, UploadedPart>();
        foreach (var claim in claims)
        {
            if (claim.Number < 1 || claim.Number > upload.Parts)
            {
                throw CairnException.Invalid("parts", $"There is no part {claim.Number}: this upload has the parts 1 to {upload.Parts}.");
            }

            if (!byNumber.TryGetValue(claim.Number, out var part))
            {
                throw CairnException.Invalid("parts", $"Part {claim.Number} has not arrived. Send it, then complete the upload again.");
            }

            var md5 = claim.Md5.Trim('"');
            if (!md5.Equals(part.Md5, StringComparison.OrdinalIgnoreCase))
            {
                throw CairnException.Invalid("parts", $"Part {claim.Number} has the MD5 {part.Md5}, not {Shorten(md5)}. Send it again.");
            }

            if (!matched.TryAdd(claim.Number, part))
            {
                throw CairnException.Invalid("parts", $"Part {claim.Number} is named twice.");
            }
        }

        for (var number = 1; number <= upload.Parts; number++)
        {
            if (!matched.ContainsKey(number))
            {
                throw CairnException.Invalid("parts", $"Part {number} of {upload.Parts} is missing.");
            }
        }

        return [.. matched.Values];
    }

    private static int CheckCount(long parts) =>
        parts is >= 1 and <= MostParts
            ? (int)parts
            : throw CairnException.Invalid("num_parts", string.Create(CultureInfo.InvariantCulture, $"An upload has 1 to {MostParts} parts, not {parts}. Make the parts larger."));

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
