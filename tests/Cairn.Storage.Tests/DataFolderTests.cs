using Cairn.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Storage.Tests;

public sealed class DataFolderTests
{
    [Fact]
    public async Task A_second_server_on_the_same_folder_is_refused()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var refusal = await Assert.ThrowsAsync<CairnException>(() => CairnStore.OpenAsync(fixture.Folder, NullLogger<CairnStore>.Instance, StoreFixture.Timeout));
        Assert.Equal(ErrorCode.Unavailable, refusal.Code);
        Assert.Contains(fixture.Folder, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_folder_is_for_its_owner_only()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Modes are a matter of Unix.");
        await using var fixture = await StoreFixture.OpenAsync();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(fixture.Folder));
        }
    }
}
