using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Migration.Mlflow;
using RunQuery = Cairn.Client.RunQuery;

namespace Cairn.Migration.Tests;

public sealed class ImportTests
{
    [Theory]
    [InlineData("database")]
    [InlineData("folder")]
    [InlineData("server")]
    public async Task Everything_of_mlflow_comes_along(string kind)
    {
        await using var home = await Home.OpenAsync();
        await using var other = await Home.OpenAsync();
        var report = await home.ImportAsync(await SourceAsync(home, other, kind));
        Assert.Equal((4, 3, 6L, 2), (report.Experiments, report.Runs, report.Points, report.Files));
        var experiments = (await home.Client.ListExperimentsAsync("all", Home.Timeout)).ToDictionary(one => one.Id);
        Assert.Equal(("seven", 1700000000000L, "red"), (experiments["7"].Name, experiments["7"].CreatedAt, experiments["7"].Tags!["team"]));
        Assert.Equal("deleted", experiments["8"].State);
        Assert.Equal("s3://bucket/9", (await home.Client.ExportExperimentsAsync(Home.Timeout)).Single(one => one.Id == "9").ArtifactLocation);

        var run = await home.Client.ExportRunAsync(MlflowFixture.Active, Home.Timeout);
        Assert.Equal(("7", "calm", "finished", 1700000000100L, 1700000000200L, "ada"), (run.ExperimentId, run.Name, run.Status, run.StartedAt, run.EndedAt!.Value, run.Author));
        Assert.Equal([new ImportValue("a/b", "x y"), new ImportValue("lr", "0.10")], run.Params!);
        Assert.Equal("été", run.Tags!["note"]);
        var loss = run.Series!.Single(series => series.Key == "loss");
        Assert.Equal([0L, 1L, 2L], loss.Steps);
        Assert.Equal([1700000000101L, 1700000000102L, 1700000000103L], loss.Times);
        Assert.Equal([0.5, 0.1, double.NaN], loss.Values);
        var huge = run.Series!.Single(series => series.Key == "huge");
        Assert.Equal((-3L, true), (huge.Steps[0], huge.Values[0] >= double.MaxValue));
        await using var file = await home.Client.OpenRunFileAsync(run.Id, "model/MLmodel", Home.Timeout);
        using var reader = new StreamReader(file);
        Assert.Equal("flavors: {}", await reader.ReadToEndAsync(Home.Timeout));

        var child = await home.Client.ExportRunAsync(MlflowFixture.Child, Home.Timeout);
        Assert.Equal((MlflowFixture.Active, "killed", (long?)null), (child.ParentId, child.Status, child.EndedAt));
        var deleted = await home.Client.ExportRunAsync(MlflowFixture.Deleted, Home.Timeout);
        Assert.Equal(("deleted", "failed", "kept.txt"), (deleted.Lifecycle, deleted.Status, deleted.Files!.Single().Path));
    }

    [Theory]
    [InlineData("database")]
    [InlineData("folder")]
    public async Task The_second_import_changes_nothing(string kind)
    {
        await using var home = await Home.OpenAsync();
        await home.ImportAsync(await SourceAsync(home, home, kind));
        var before = await home.ExportAsync("before");
        var again = await home.ImportAsync(await SourceAsync(home, home, kind));
        Assert.Equal((3, 0), (again.Known, again.Runs));
        Assert.Equal(before, await home.ExportAsync("after"));
    }

    [Fact]
    public async Task An_import_that_was_cut_off_is_begun_again()
    {
        await using var home = await Home.OpenAsync();
        var file = MlflowFixture.WriteDatabase(home.Folder);

        // What a killed import leaves: the run is there, without its end, its points and its files.
        await home.Client.ImportAsync(
            new ImportRequest(
                [new ImportExperiment("7", "seven", 1700000000000)],
                [new ImportRun(MlflowFixture.Active, "7", "calm", "running", 1700000000100, Series: [new ImportSeries("loss", [0], [1700000000101], [0.5])])]),
            Home.Timeout);
        var report = await home.ImportAsync(new MlflowDatabase(file, null));
        Assert.Equal((3, 0), (report.Runs, report.Known));
        var run = await home.Client.ExportRunAsync(MlflowFixture.Active, Home.Timeout);
        Assert.Equal(("finished", 3, 1), (run.Status, run.Series!.Single(series => series.Key == "loss").Steps.Count, run.Files!.Count));
    }

    [Fact]
    public async Task A_number_that_is_taken_gives_way_and_a_name_that_is_there_is_taken_for_the_same()
    {
        await using var home = await Home.OpenAsync();
        await home.Client.ImportAsync(new ImportRequest([new ImportExperiment("7", "something else", 1), new ImportExperiment("3", "far", 1)]), Home.Timeout);
        await home.ImportAsync(new MlflowDatabase(MlflowFixture.WriteDatabase(home.Folder), null));
        var experiments = await home.Client.ListExperimentsAsync("all", Home.Timeout);
        Assert.Equal("3", experiments.Single(one => one.Name == "far").Id);
        var seven = experiments.Single(one => one.Name == "seven");
        Assert.NotEqual("7", seven.Id);
        Assert.Equal(seven.Id, (await home.Client.ExportRunAsync(MlflowFixture.Active, Home.Timeout)).ExperimentId);
    }

    [Fact]
    public async Task What_is_no_source_is_refused_with_a_sentence()
    {
        await using var home = await Home.OpenAsync();
        var file = Path.Combine(home.Folder, "x.db");
        await File.WriteAllTextAsync(file, "no database at all, but long enough to look at", Home.Timeout);
        Assert.Contains("x.db", Assert.Throws<MigrationException>(() => new MlflowDatabase(file, null)).Message, StringComparison.Ordinal);
        Assert.Contains("meta.yaml", Assert.Throws<MigrationException>(() => new MlrunsFolder(home.Folder, null)).Message, StringComparison.Ordinal);
        Assert.Contains("experiments.json", Assert.Throws<MigrationException>(() => new ExportFolder(home.Folder)).Message, StringComparison.Ordinal);
        var nobody = new MlflowServer(new Uri("http://127.0.0.1:1"));
        await Assert.ThrowsAsync<MigrationException>(() => home.ImportAsync(nobody));
        var root = MlflowFixture.WriteFolder(home.Folder);
        await File.WriteAllTextAsync(Path.Combine(root, "7", MlflowFixture.Active, "metrics", "bad"), "1 x 2\n", Home.Timeout);
        Assert.Contains("bad", (await Assert.ThrowsAsync<MigrationException>(() => home.ImportAsync(new MlrunsFolder(root, null)))).Message, StringComparison.Ordinal);
    }

    private static async Task<IRunSource> SourceAsync(Home home, Home other, string kind)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home.Folder, "source")).FullName;
        switch (kind)
        {
            case "database":
                return new MlflowDatabase(File.Exists(Path.Combine(folder, "mlflow.db")) ? Path.Combine(folder, "mlflow.db") : MlflowFixture.WriteDatabase(folder), null);
            case "folder":
                return new MlrunsFolder(MlflowFixture.WriteFolder(folder), null);
            default:
                // Cairn speaks MLflow's protocol: one server of ours is another's source.
                await other.ImportAsync(new MlflowDatabase(MlflowFixture.WriteDatabase(folder), null));
                return new MlflowServer(other.Server.Address);
        }
    }
}
