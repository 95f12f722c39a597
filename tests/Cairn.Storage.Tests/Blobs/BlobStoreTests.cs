using System.Security.Cryptography;
using Cairn.Core;
using Cairn.Core.Blobs;

namespace Cairn.Storage.Tests.Blobs;

public sealed class BlobStoreTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(262_144)]
    [InlineData(3_000_001)]
    public async Task Bytes_come_back_as_they_went_in(int length)
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var content = RandomNumberGenerator.GetBytes(length);
        var blob = await fixture.Store.Blobs.WriteAsync(new MemoryStream(content), null, length, StoreFixture.Timeout);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), blob.Digest.Value);
        await using var read = (await fixture.Store.Blobs.OpenReadAsync(blob.Digest, StoreFixture.Timeout))!;
        var back = new MemoryStream();
        await read.CopyToAsync(back, StoreFixture.Timeout);
        Assert.Equal(content, back.ToArray());
    }

    [Fact]
    public async Task Other_content_than_announced_is_refused_and_leaves_nothing()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var wrong = Digest.Parse(new string('b', 64));
        var digest = await Assert.ThrowsAsync<CairnException>(() => fixture.Store.Blobs.WriteAsync(new MemoryStream([1, 2]), wrong, null, StoreFixture.Timeout));
        Assert.Equal((ErrorCode.InvalidArgument, "digest"), (digest.Code, digest.Field));
        var cut = await Assert.ThrowsAsync<CairnException>(() => fixture.Store.Blobs.WriteAsync(new MemoryStream([1, 2]), null, 3, StoreFixture.Timeout));
        Assert.Equal((ErrorCode.InvalidArgument, "content"), (cut.Code, cut.Field));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(fixture.Folder, "blobs"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Many_writers_of_the_same_content_all_succeed_and_keep_it_once()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var content = RandomNumberGenerator.GetBytes(100_000);
        var blobs = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => fixture.Store.Blobs.WriteAsync(new MemoryStream(content), null, null, StoreFixture.Timeout)));
        Assert.Single(blobs.Distinct());
        Assert.Single(Directory.EnumerateFiles(Path.Combine(fixture.Folder, "blobs"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_a_killed_server_left_half_written_is_gone_after_the_next_start()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var leftover = Path.Combine(fixture.Folder, "blobs", "unfinished", "half");
        await File.WriteAllTextAsync(leftover, "half", StoreFixture.Timeout);
        await fixture.ReopenAsync();
        Assert.False(File.Exists(leftover));
    }
}
