using System.Text.Json;
using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Migration.Tests;

public sealed class ExportTests
{
    [Fact]
    public async Task An_export_that_is_imported_elsewhere_is_exported_as_the_same_bytes()
    {
        await using var home = await Home.OpenAsync();
        await home.ImportAsync(new Mlflow.MlflowDatabase(MlflowFixture.WriteDatabase(home.Folder), null));
        var run = await home.Client.CreateRunAsync(
            new CreateRunRequest(
                Experiment: "own",
                Name: "typed",
                JobType: "train",
                Params: new Dictionary<string, JsonElement>
                {
                    ["lr"] = JsonElement.Parse("0.10"), ["deep"] = JsonElement.Parse("""{"a":[1,2],"b":true,"c":null}"""), ["text"] = JsonElement.Parse("\"x\""),
                }),
            Home.Timeout);
        await home.Client.UpdateRunAsync(
            run.Id,
            new RunUpdate
            {
                Logs = [new LogLine(0, "hello", "stderr", 5), new LogLine(1, "world", "stdout", 6)],
                Summary = new Dictionary<string, JsonElement> { ["best"] = JsonElement.Parse("1.5") },
                Points = [.. Enumerable.Range(0, 70_000).Select(i => new MetricPoint("loss", i * 0.1, i, 1 + i))],
                Status = "finished",
            },
            Home.Timeout);
        await home.Client.PutRunFileAsync(run.Id, "a/b.txt", "content"u8.ToArray(), Home.Timeout);
        var first = await home.ExportAsync("first");
        Assert.Equal(first, await home.ExportAsync("again"));

        await using var other = await Home.OpenAsync();
        var report = await other.ImportAsync(new ExportFolder(Path.Combine(home.Folder, "first")));
        Assert.Equal((4, 70_006L), (report.Runs, report.Points));
        var second = await other.ExportAsync("second");
        Assert.Equal(first.Keys, second.Keys);
        foreach (var (path, content) in first)
        {
            Assert.True(content == second[path], path);
        }
    }
}
