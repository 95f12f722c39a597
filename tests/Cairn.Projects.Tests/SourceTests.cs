using System.IO.Compression;
using Cairn.Projects.Sources;

namespace Cairn.Projects.Tests;

/// <summary>Code from git and from zip files, and what must not get in with it.</summary>
public sealed class SourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Task<ProjectSource> FetchAsync(string text, string? version = null) =>
        SourceFetcher.FetchAsync(text, version, null, _ => { }, CancellationToken.None);

    private (string Folder, string First) Repository()
    {
        Assert.SkipUnless(Processes.Programs.Find("git") is not null, "git is not installed");
        _folder.Write("repo/parts/train/MLproject", "name: train\nentry_points: {main: {command: echo one}}\n");
        var made = Shell.Run(
            "/bin/sh",
            """
            set -e; export HOME=$PWD; cd repo; git init -q -b trunk .; g="git -c user.name=n -c user.email=e"
            git add .; $g commit -qm one; git rev-parse HEAD; git tag v1; git branch old
            sed -i.bak s/one/two/ parts/train/MLproject; rm parts/train/*.bak; $g commit -qam two
            """,
            _folder.Path);
        Assert.True(made.ExitCode == 0, made.Error);
        return (_folder.Combine("repo"), made.Output.Trim());
    }

    [Fact]
    public async Task A_subfolder_of_a_repository_is_fetched_with_its_facts()
    {
        var (repository, _) = Repository();
        using var source = await FetchAsync($"file://{repository}#parts/train");
        Assert.Equal("echo two", ProjectFile.Open(source.Folder).EntryPoint("main").Command);
        Assert.Equal(("parts/train", $"file://{repository}#parts/train"), (source.Git!.Folder, source.Origin));
        Assert.Matches("^[0-9a-f]{40}$", source.Git.Commit);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("old")]
    [InlineData("COMMIT")]
    [InlineData("SHORT")]
    public async Task A_version_is_a_tag_a_branch_or_a_commit(string version)
    {
        var (repository, first) = Repository();
        var wanted = version switch { "COMMIT" => first, "SHORT" => first[..8], _ => version };
        using var source = await FetchAsync($"file://{repository}#parts/train", wanted);
        Assert.Equal("echo one", ProjectFile.Open(source.Folder).EntryPoint("main").Command);
        Assert.Equal(first, source.Git!.Commit);
        Assert.Equal(version == "old" ? "old" : null, source.Git.Branch);
        using var local = await FetchAsync(Path.Combine(repository, "parts", "train"), wanted);
        Assert.Equal("echo one", ProjectFile.Open(local.Folder).EntryPoint("main").Command);
    }

    [Fact]
    public async Task What_is_fetched_is_for_its_owner_only()
    {
        var (repository, _) = Repository();
        foreach (var storage in new[] { null, _folder.Combine("storage") })
        {
            using var source = await SourceFetcher.FetchAsync($"file://{repository}", null, storage, _ => { }, CancellationToken.None);
            Assert.Equal("700\n", Shell.Run("/bin/sh", $"stat -c %a '{source.Folder}'", _folder.Path).Output);
        }
    }

    [Fact]
    public async Task What_was_fetched_is_gone_afterwards()
    {
        var (repository, _) = Repository();
        var source = await FetchAsync($"file://{repository}");
        source.Dispose();
        Assert.False(Directory.Exists(source.Folder));
    }

    [Theory]
    [InlineData("ext::sh -c id", null)]
    [InlineData("--upload-pack=touch canary", null)]
    [InlineData("-oProxyCommand=x", null)]
    [InlineData("gopher://host/x.git", null)]
    [InlineData("https://host/x.git#../../etc", null)]
    [InlineData("https://host/x.git#/etc", null)]
    [InlineData("https://host/x.git", "--help")]
    [InlineData("https://host/x.git", "a..b")]
    [InlineData("https://host/x.git", "$(id)")]
    [InlineData("https://host/x.git", "x;touch canary")]
    public async Task Addresses_and_versions_that_could_do_something_else_are_refused(string address, string? version) =>
        await Assert.ThrowsAsync<ProjectException>(() => FetchAsync(address, version));

    [Fact]
    public async Task A_fetch_that_fails_says_why_and_shows_no_password()
    {
        Repository();
        var e = await Assert.ThrowsAsync<ProjectException>(() => FetchAsync($"file://{_folder.Combine("repo")}", "nowhere"));
        Assert.Contains("git ls-remote", e.Message, StringComparison.Ordinal);
        Assert.Equal("https://host/x.git#a", SourceAddress.Parse("https://me:secret@host/x.git#a").Shown);
    }

    [Fact]
    public async Task A_zip_file_is_unpacked_and_its_only_folder_is_the_project()
    {
        Zip(("top/MLproject", "entry_points: {main: {command: echo x}}\n", 0), ("top/sub/MLproject", "name: sub\nentry_points: {}\n", 0));
        using var source = await FetchAsync(_folder.Combine("p.zip"));
        Assert.Equal("echo x", ProjectFile.Open(source.Folder).EntryPoint("main").Command);
        using var sub = await FetchAsync(_folder.Combine("p.zip") + "#sub");
        Assert.Equal("sub", ProjectFile.Open(sub.Folder).Name);
    }

    [Theory]
    [InlineData("../out", 0)]
    [InlineData("a/../../out", 0)]
    [InlineData("/etc/out", 0)]
    [InlineData("a\\..\\out", 0)]
    [InlineData("C:/out", 0)]
    [InlineData("link", 0xA000)]
    [InlineData("device", 0x2000)]
    [InlineData("MLPROJECT", 0)]
    public async Task A_zip_file_that_could_write_elsewhere_is_refused_as_a_whole(string name, int kind)
    {
        Zip(("MLproject", "entry_points: {}\n", 0), (name, "/etc", kind));
        var e = await Assert.ThrowsAsync<ProjectException>(() => FetchAsync(_folder.Combine("p.zip")));
        Assert.Contains("refused", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Combine("out")));
    }

    [Fact]
    public async Task A_zip_file_of_too_many_entries_is_refused_before_anything_is_unpacked()
    {
        Zip([.. Enumerable.Range(0, 50_001).Select(i => ($"f{i}", "", 0))]);
        Assert.Contains("50001 entries", (await RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zip_file_that_says_it_unpacks_to_gigabytes_is_refused_before_anything_is_unpacked()
    {
        Zip(("MLproject", "entry_points: {}\n", 0), ("zeros", new string('0', 100), 0));
        Claim("zeros", 3_000_000_000);
        Assert.Contains("2048 MiB", (await RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_holds_more_than_it_says_gives_no_more_than_that()
    {
        Zip(("MLproject", "entry_points: {}\n", 0), ("zeros", new string('0', 64 << 20), 0));
        Claim("zeros", 10);
        try
        {
            using var source = await FetchAsync(_folder.Combine("p.zip"));
            Assert.InRange(new FileInfo(Path.Combine(source.Folder, "zeros")).Length, 0, 10);
        }
        catch (ProjectException)
        {
            // Refused is as good.
        }
    }

    [Fact]
    public async Task A_zip_file_in_a_zip_file_stays_a_file()
    {
        Zip(("MLproject", "entry_points: {}\n", 0), ("inner.zip", "PK", 0));
        using var source = await FetchAsync(_folder.Combine("p.zip"));
        Assert.Equal(["MLproject", "inner.zip"], Directory.EnumerateFileSystemEntries(source.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private async Task<ProjectException> RefusedAsync() => await Assert.ThrowsAsync<ProjectException>(() => FetchAsync(_folder.Combine("p.zip")));

    /// <summary>Changes the size that an entry claims, in its own head and in the archive's directory.</summary>
    private void Claim(string name, uint size)
    {
        var file = _folder.Combine("p.zip");
        var bytes = File.ReadAllBytes(file);
        var text = System.Text.Encoding.ASCII.GetBytes(name);
        foreach (var (mark, sizeAt, nameAt) in new[] { (0x04034b50u, 22, 30), (0x02014b50u, 24, 46) })
        {
            for (var at = 0; at + nameAt + text.Length <= bytes.Length; at++)
            {
                if (BitConverter.ToUInt32(bytes, at) == mark && bytes.AsSpan(at + nameAt, text.Length).SequenceEqual(text))
                {
                    BitConverter.TryWriteBytes(bytes.AsSpan(at + sizeAt), size);
                }
            }
        }

        File.WriteAllBytes(file, bytes);
    }

    [Fact]
    public async Task A_file_that_is_no_zip_is_refused()
    {
        _folder.Write("p.zip", "PK no");
        await Assert.ThrowsAsync<ProjectException>(() => FetchAsync(_folder.Combine("p.zip")));
    }

    private void Zip(params (string Name, string Text, int Kind)[] entries)
    {
        using var archive = ZipFile.Open(_folder.Combine("p.zip"), ZipArchiveMode.Create);
        foreach (var (name, text, kind) in entries)
        {
            var entry = archive.CreateEntry(name);
            entry.ExternalAttributes = kind << 16;
            using var writer = new StreamWriter(entry.Open());
            writer.Write(text);
        }
    }
}
