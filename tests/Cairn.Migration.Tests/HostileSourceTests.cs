using Cairn.Migration.Mlflow;
using Cairn.Tests;

namespace Cairn.Migration.Tests;

/// <summary>Sources that somebody else made: what they say decides neither what is read on this machine nor what is written (079, 101).</summary>
public sealed class HostileSourceTests
{
    [Theory]
    [InlineData("/tmp/HACKED")]
    [InlineData("../../../tmp/HACKED")]
    [InlineData("a/../../HACKED")]
    public async Task A_server_that_lists_files_outside_of_a_run_is_refused_079(string path)
    {
        await using var home = await Home.OpenAsync();
        await using var server = new StrangeServer(target => ("Content-Type: application/json\r\n", target switch
        {
            _ when target.Contains("experiments/search", StringComparison.Ordinal) => """{"experiments":[{"experiment_id":"7","name":"seven","lifecycle_stage":"active","artifact_location":"mlflow-artifacts:/7"}]}""",
            _ when target.Contains("runs/search", StringComparison.Ordinal) => $$$"""{"runs":[{"info":{"run_id":"{{{MlflowFixture.Active}}}","experiment_id":"7","status":"FINISHED","artifact_uri":"mlflow-artifacts:/7/x/artifacts"},"data":{}}]}""",
            _ when target.Contains("artifacts/list", StringComparison.Ordinal) => $$"""{"files":[{"path":"{{path}}","is_dir":false,"file_size":1}]}""",
            _ => "{}",
        }));
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => home.ImportAsync(new MlflowServer(server.Address)));
        Assert.True(fault is not OperationCanceledException, fault.ToString());
        Assert.False(Path.Exists("/tmp/HACKED"));
        Assert.False(Path.Exists(Path.Combine(home.Folder, "HACKED")));
    }

    [Theory]
    [InlineData("mlflow-artifacts:/../secrets")]
    [InlineData("mlflow-artifacts:/../../{name}/secrets")]
    [InlineData("mlflow-artifacts://host/../secrets")]
    public async Task A_database_whose_files_would_lie_beside_its_own_brings_none_along(string address)
    {
        await using var home = await Home.OpenAsync();
        Directory.CreateDirectory(Path.Combine(home.Folder, "secrets"));
        await File.WriteAllTextAsync(Path.Combine(home.Folder, "secrets", "key"), "a secret", Home.Timeout);
        var root = MlflowFixture.WriteFolder(home.Folder);
        var meta = Path.Combine(root, "7", MlflowFixture.Active, "meta.yaml");
        Directory.Delete(Path.Combine(root, "7", MlflowFixture.Active, "artifacts"), recursive: true);
        var lines = (await File.ReadAllLinesAsync(meta, Home.Timeout)).Select(line => line.StartsWith("artifact_uri:", StringComparison.Ordinal) ? $"artifact_uri: {address.Replace("{name}", Path.GetFileName(home.Folder), StringComparison.Ordinal)}" : line);
        await File.WriteAllLinesAsync(meta, lines, Home.Timeout);
        await home.ImportAsync(new MlrunsFolder(root, null));
        Assert.Empty((await home.Client.ExportRunAsync(MlflowFixture.Active, Home.Timeout)).Files ?? []);
    }

    /// <summary>101: a link in a folder of files, or instead of a content, is not what it points at.</summary>
    [Fact]
    public async Task Links_are_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        await using var home = await Home.OpenAsync();
        Directory.CreateDirectory(Path.Combine(home.Folder, "secrets"));
        await File.WriteAllTextAsync(Path.Combine(home.Folder, "secrets", "key"), "a secret", Home.Timeout);
        var root = MlflowFixture.WriteFolder(home.Folder);
        var artifacts = Path.Combine(root, "7", MlflowFixture.Active, "artifacts");
        File.CreateSymbolicLink(Path.Combine(artifacts, "link"), Path.Combine(home.Folder, "secrets", "key"));
        Directory.CreateSymbolicLink(Path.Combine(artifacts, "folder"), Path.Combine(home.Folder, "secrets"));
        await home.ImportAsync(new MlrunsFolder(root, null));
        Assert.Equal(["model/MLmodel"], (await home.Client.ExportRunAsync(MlflowFixture.Active, Home.Timeout)).Files!.Select(file => file.Path));
    }

    [Theory]
    [InlineData("../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../../secret")]
    public async Task An_export_that_names_files_outside_of_its_runs_or_its_contents_is_refused_101(string name)
    {
        await using var home = await Home.OpenAsync();
        var folder = Path.Combine(home.Folder, "export");
        Directory.CreateDirectory(Path.Combine(folder, "runs"));
        Directory.CreateDirectory(Path.Combine(folder, "files"));
        await File.WriteAllTextAsync(Path.Combine(home.Folder, "secret"), "x", Home.Timeout);
        await File.WriteAllTextAsync(Path.Combine(folder, "experiments.json"), """{"experiments":[{"id":"7","name":"seven","createdAt":1}]}""", Home.Timeout);
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("x"u8));
        await File.WriteAllTextAsync(Path.Combine(folder, "files", digest), "x", Home.Timeout);
        foreach (var (path, content) in new[] { (name, digest), ("fine.txt", name) })
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, "runs", $"{MlflowFixture.Active}.json"),
                $$"""{"id":"{{MlflowFixture.Active}}","experimentId":"7","name":"n","status":"finished","startedAt":1,"files":[{"path":"{{path}}","size":1,"digest":"{{content}}"}]}""",
                Home.Timeout);
            await Assert.ThrowsAnyAsync<Exception>(() => home.ImportAsync(new ExportFolder(folder)));
        }

        await foreach (var row in home.Client.EnumerateRunsAsync(new Cairn.Client.RunQuery { State = "all" }, Home.Timeout))
        {
            Assert.Empty(await home.Client.ListRunFilesAsync(row.Run.Id, Home.Timeout));
        }
    }
}
