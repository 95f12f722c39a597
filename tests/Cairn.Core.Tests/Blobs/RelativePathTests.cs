using Cairn.Core.Blobs;

namespace Cairn.Core.Tests.Blobs;

public sealed class RelativePathTests
{
    [Theory]
    [InlineData("/path")]
    [InlineData("../path")]
    [InlineData("../../path")]
    [InlineData("./../path")]
    [InlineData("path/../to/file")]
    [InlineData("path/../../to/file")]
    [InlineData("file://a#/..//tmp")]
    [InlineData("file://a%23/..//tmp/")]
    [InlineData("/etc/passwd")]
    [InlineData("/etc/passwd%00.jpg")]
    [InlineData("/etc/passwd%00.html")]
    [InlineData("/file://etc/passwd")]
    [InlineData("%2E%2E%2Fpath")]
    [InlineData("%2E%2E%2F%2E%2E%2Fpath")]
    [InlineData("%252E%252E%252Fpath")]
    [InlineData("%2%0952e%2%0952e/%2%0A52e%2%0A52e/path")]
    [InlineData(@"..\path")]
    [InlineData(@"..\..\path")]
    [InlineData(@".\..\path")]
    [InlineData(@"path\..\to\file")]
    [InlineData(@"path\..\..\to\file")]
    [InlineData("C:path")]
    [InlineData("C:path/to/file")]
    [InlineData("C:../path/to/file")]
    [InlineData(@"C:\path")]
    [InlineData(@"C:\path/to/file")]
    [InlineData(@"\\path\to\file")]
    [InlineData(@"\\.\\C:\path\to\file")]
    [InlineData(@"\\?\C:\path\to\file")]
    [InlineData(@"\\?\UNC/path/to/file")]
    [InlineData("/file:c:/passwd")]
    [InlineData("/file://d:/windows/win.ini")]
    [InlineData("file://c:/boot.ini")]
    [InlineData("file:///C:/Windows/System32/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("file:///proc/version")]
    [InlineData(@"..\Windows\System32\\")]
    [InlineData(@"::Windows\System32")]
    [InlineData(@"....\\")]
    [InlineData(@"\\127.0.0.1\c$\Windows\\")]
    [InlineData(@"..\\?\C:\Windows\System32\\")]
    [InlineData("../../../../../../../../../../../../etc/passwd")]
    [InlineData(@"/Windows\../etc/passwd")]
    [InlineData("a/%2e%2e/b")]
    [InlineData("a/%25252e%25252e/b")]
    [InlineData("a%2fb/..%2fc")]
    [InlineData("a\0b")]
    [InlineData("a%00b")]
    [InlineData("a\nb")]
    [InlineData("a#b")]
    public void A_path_that_could_leave_its_folder_is_refused(string path)
    {
        Assert.False(RelativePath.IsSafe(path));
        var refusal = Assert.Throws<CairnException>(() => RelativePath.Normalize(path));
        Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        Assert.Equal("Invalid path", refusal.Message);
    }

    [Theory]
    [InlineData("path", "path")]
    [InlineData("path/", "path")]
    [InlineData("path/to/file", "path/to/file")]
    [InlineData("dog%step%100%timestamp%100", "dog%step%100%timestamp%100")]
    [InlineData("a/..../b", "a/..../b")]
    [InlineData("a///b", "a/b")]
    [InlineData("./a/./b", "a/b")]
    [InlineData("a b/ü 日本.txt", "a b/ü 日本.txt")]
    [InlineData("..a/b..", "..a/b..")]
    [InlineData("run: 1/x:y", "run: 1/x:y")]
    [InlineData("images/k%step%1%timestamp%1795450295619%8Af2094f-a18a%compressed.webp", "images/k%step%1%timestamp%1795450295619%8Af2094f-a18a%compressed.webp")]
    [InlineData("100%25 sure.txt", "100%25 sure.txt")]
    [InlineData("files/a?b&c=d", "files/a?b&c=d")]
    public void An_innocent_path_is_kept_as_it_is_but_for_its_slashes(string path, string normal) =>
        Assert.Equal(normal, RelativePath.Normalize(path));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("./")]
    public void The_root_is_a_folder_but_not_a_file(string? path)
    {
        Assert.Equal("", RelativePath.NormalizeFolder(path));
        Assert.Throws<CairnException>(() => RelativePath.Normalize(path));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.False(RelativePath.IsSafe("half\ud800"));

    [Fact]
    public void A_path_of_more_than_4096_characters_is_refused() =>
        Assert.False(RelativePath.IsSafe(new string('a', RelativePath.GreatestLength + 1)));
}
