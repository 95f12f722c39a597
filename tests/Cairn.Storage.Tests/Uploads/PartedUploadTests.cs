using System.Security.Cryptography;
using Cairn.Core;
using Cairn.Core.Blobs;
using Cairn.Core.Uploads;

namespace Cairn.Storage.Tests.Uploads;

public sealed class PartedUploadTests
{
    [Fact]
    public async Task Parts_in_any_order_and_at_once_become_the_content_they_are()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var uploads = Uploads(fixture);
        var content = RandomNumberGenerator.GetBytes(1_000_003);
        var pieces = content.Chunk(100_000).ToList();
        var upload = await uploads.BeginAsync("a file", pieces.Count, StoreFixture.Timeout);
        var parts = await Task.WhenAll(Enumerable.Range(0, pieces.Count).Reverse().Select(i => SendAsync(uploads, upload, i + 1, pieces[i])));
        var blob = await CompleteAsync(fixture, upload, parts);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), blob?.Digest.Value);
        Assert.Equal(content.Length, blob?.Length);
        Assert.Equal(["finished", "plan"], FilesOf(fixture, upload));
    }

    [Fact]
    public async Task Parts_that_were_acknowledged_outlive_a_restart_and_half_a_part_does_not()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var upload = await Uploads(fixture).BeginAsync("a file", 2, StoreFixture.Timeout);
        var first = await SendAsync(Uploads(fixture), upload, 1, [1, 2, 3]);
        var half = Path.Combine(fixture.Folder, "uploads", upload.Id, "0123.draft");
        await File.WriteAllTextAsync(half, "half", StoreFixture.Timeout);
        await fixture.ReopenAsync();
        Assert.False(File.Exists(half));
        var second = await SendAsync(Uploads(fixture), upload, 2, [4]);
        var blob = await CompleteAsync(fixture, upload, first, second);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([1, 2, 3, 4])), blob?.Digest.Value);
    }

    [Fact]
    public async Task The_same_part_again_replaces_it_and_the_same_upload_again_goes_on()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var uploads = Uploads(fixture);
        var upload = await uploads.BeginAsync("a file", 1, StoreFixture.Timeout);
        var old = await SendAsync(uploads, upload, 1, [1]);
        var later = await SendAsync(uploads, upload, 1, [2, 2]);
        Assert.Equal([later], await fixture.Store.Parts.ListAsync(upload.Id, StoreFixture.Timeout));
        Assert.Contains($"has the MD5 {later.Md5}", (await RefusedAsync(CompleteAsync(fixture, upload, old), "parts")).Message, StringComparison.Ordinal);
        Assert.Equal(2, (await CompleteAsync(fixture, upload, later))?.Length);

        var known = await uploads.BeginAsync("another", [Md5([7]), Md5([8])], StoreFixture.Timeout);
        await SendAsync(uploads, known, 2, [8]);
        var again = await uploads.BeginAsync("another", [Md5([7]), Md5([8])], StoreFixture.Timeout);
        Assert.Equal(known.Id, again.Id);
        Assert.Single(await fixture.Store.Parts.ListAsync(again.Id, StoreFixture.Timeout));
        Assert.NotEqual(known.Id, (await uploads.BeginAsync("a third", [Md5([7]), Md5([8])], StoreFixture.Timeout)).Id);
    }

    [Fact]
    public async Task Completed_twice_and_by_many_at_once_it_is_kept_once()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var uploads = Uploads(fixture);
        var upload = await uploads.BeginAsync("a file", 1, StoreFixture.Timeout);
        var part = await SendAsync(uploads, upload, 1, [1]);
        var kept = 0;
        Task Complete() => uploads.CompleteAsync(
            upload.Id,
            "a file",
            [new ClaimedPart(1, $"\"{part.Md5}\"")],
            async (content, _) =>
            {
                Interlocked.Increment(ref kept);
                await fixture.Store.Blobs.WriteAsync(content, null, null, StoreFixture.Timeout);
            },
            StoreFixture.Timeout);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Complete()));
        await Complete();
        Assert.Equal(1, kept);
        Assert.Equal(ErrorCode.FailedPrecondition, (await Assert.ThrowsAsync<CairnException>(() => SendAsync(uploads, upload, 1, [1]))).Code);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_and_names_the_part()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var uploads = Uploads(fixture);
        var upload = await uploads.BeginAsync("a file", 2, StoreFixture.Timeout);
        await RefusedAsync(SendAsync(uploads, upload, 3, [1]), "part_number");
        await RefusedAsync(SendAsync(uploads, upload, 0, [1]), "part_number");
        await RefusedAsync(uploads.ReceiveAsync(upload.Id, 1, new MemoryStream([1]), Md5([2]), null, StoreFixture.Timeout), "Content-MD5");
        await RefusedAsync(uploads.ReceiveAsync(upload.Id, 1, new MemoryStream([1]), null, 2, StoreFixture.Timeout), "content");
        Assert.Equal(["plan"], FilesOf(fixture, upload));
        var part = await SendAsync(uploads, upload, 1, [1]);
        await RefusedAsync(CompleteAsync(fixture, upload, part, part), "parts");
        Assert.Contains("Part 2 of 2 is missing", (await RefusedAsync(CompleteAsync(fixture, upload, part), "parts")).Message, StringComparison.Ordinal);
        Assert.Contains("Part 2 has not arrived", (await RefusedAsync(CompleteAsync(fixture, upload, part, part with { Number = 2 }), "parts")).Message, StringComparison.Ordinal);
        await RefusedAsync(CompleteAsync(fixture, upload, part with { Number = 9 }), "parts");
        await RefusedAsync(uploads.CompleteAsync(upload.Id, "another file", [], (_, _) => Task.CompletedTask, StoreFixture.Timeout), "upload_id");
        await RefusedAsync(uploads.AbortAsync(upload.Id, "another file", StoreFixture.Timeout), "upload_id");
        await RefusedAsync(BeginAsync(uploads, 0), "num_parts");
        await RefusedAsync(BeginAsync(uploads, PartedUploads.MostParts + 1), "num_parts");
        foreach (var id in new[] { "../../etc", "", new string('0', 32), upload.Id.ToUpperInvariant() })
        {
            Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<CairnException>(() => uploads.GetAsync(id, StoreFixture.Timeout))).Code);
        }

        // Parts announced with what they hash to take nothing else.
        var known = await uploads.BeginAsync("known", [Md5([7])], StoreFixture.Timeout);
        await RefusedAsync(SendAsync(uploads, known, 1, [8]), "Content-MD5");
        await RefusedAsync(uploads.ReceiveAsync(known.Id, 1, new MemoryStream([8]), Md5([8]), null, StoreFixture.Timeout), "Content-MD5");
    }

    [Fact]
    public async Task A_content_that_is_refused_leaves_the_parts_to_try_again()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var uploads = Uploads(fixture);
        var upload = await uploads.BeginAsync("a file", 1, StoreFixture.Timeout);
        var part = await SendAsync(uploads, upload, 1, [1]);
        await Assert.ThrowsAsync<CairnException>(() => uploads.CompleteAsync(
            upload.Id, "a file", [new ClaimedPart(1, part.Md5)], (_, _) => throw CairnException.Invalid("md5", "no"), StoreFixture.Timeout));
        Assert.Equal(1, (await CompleteAsync(fixture, upload, part))?.Length);
    }

    [Fact]
    public async Task Given_up_uploads_go_at_once_and_abandoned_ones_after_a_day()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var uploads = Uploads(fixture);
        var (aborted, abandoned, alive) = (await uploads.BeginAsync("a", 1, StoreFixture.Timeout), await uploads.BeginAsync("b", 2, StoreFixture.Timeout), await uploads.BeginAsync("c", 1, StoreFixture.Timeout));
        await SendAsync(uploads, aborted, 1, [1]);
        await uploads.AbortAsync(aborted.Id, "a", StoreFixture.Timeout);
        await uploads.AbortAsync(aborted.Id, "a", StoreFixture.Timeout);
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<CairnException>(() => SendAsync(uploads, aborted, 1, [1]))).Code);

        await SendAsync(uploads, abandoned, 2, [1, 2, 3]);
        Directory.SetLastWriteTimeUtc(Path.Combine(fixture.Folder, "uploads", abandoned.Id), DateTime.UtcNow.AddHours(-25));
        Assert.Equal(new RemovedUploads(1, 3), await uploads.SweepAsync(dryRun: true, StoreFixture.Timeout));
        Assert.Equal(new RemovedUploads(1, 3), await uploads.SweepAsync(dryRun: false, StoreFixture.Timeout));
        Assert.Equal([alive.Id], Directory.EnumerateDirectories(Path.Combine(fixture.Folder, "uploads")).Select(Path.GetFileName));
    }

    private static PartedUploads Uploads(StoreFixture fixture) => new(fixture.Store.Parts, TimeProvider.System);

    private static async Task BeginAsync(PartedUploads uploads, long parts) => await uploads.BeginAsync("a file", parts, StoreFixture.Timeout);

    private static Task<UploadedPart> SendAsync(PartedUploads uploads, PartedUpload upload, int number, byte[] content) =>
        uploads.ReceiveAsync(upload.Id, number, new MemoryStream(content), null, content.Length, StoreFixture.Timeout);

    private static async Task<Blob?> CompleteAsync(StoreFixture fixture, PartedUpload upload, params UploadedPart[] parts)
    {
        Blob? blob = null;
        await Uploads(fixture).CompleteAsync(
            upload.Id,
            "a file",
            [.. parts.Select(part => new ClaimedPart(part.Number, part.Md5))],
            async (content, length) => blob = await fixture.Store.Blobs.WriteAsync(content, null, length, StoreFixture.Timeout),
            StoreFixture.Timeout);
        return blob;
    }

    private static async Task<CairnException> RefusedAsync(Task task, string field)
    {
        var refusal = await Assert.ThrowsAsync<CairnException>(() => task);
        Assert.Equal((ErrorCode.InvalidArgument, field), (refusal.Code, refusal.Field));
        return refusal;
    }

    private static IEnumerable<string> FilesOf(StoreFixture fixture, PartedUpload upload) =>
        Directory.EnumerateFiles(Path.Combine(fixture.Folder, "uploads", upload.Id)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

#pragma warning disable CA5351 // The protocols name parts by MD5.
    private static string Md5(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));
}
