using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Pipelines.Running;

namespace Cairn.Projects.Tests.Pipelines;

/// <summary>Files that runs leave in the folders of their own code: who counts them, and who does not.</summary>
public sealed class LeftoverTests(ServerFixture server) : IClassFixture<ServerFixture>, IDisposable
{
    private readonly PipelineFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<PipelineResult> RunAsync(params string[] changes)
    {
        var result = await _folder.RunAsync(server.Client, changes);
        Assert.True(result.IsSuccess, string.Join('\n', result.Steps));
        return result;
    }

    private async Task<string> StatesAsync(params string[] changes) => PipelineFolder.States((await RunAsync(changes)).Steps);

    /// <summary>One step "train", whose command is this.</summary>
    private void Train(string name, string command)
    {
        _folder.Write("c/MLproject", $"entry_points:\n  main:\n    parameters: {{n: int}}\n    command: |\n      {command.Replace("\n", "\n      ", StringComparison.Ordinal)}\n");
        _folder.Write("pipeline.yaml", $"name: {name}\nparams: {{n: 1}}\nsteps:\n  train: {{component: c, params: {{n: \"${{{{ params.n }}}}\"}}}}\n");
    }

    [Fact]
    public async Task A_model_of_the_time_before_that_is_thrown_away_unread_is_no_code()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells which files were opened");
        // Another content each time, as of models that hold their time.
        Train("thrown-away", "rm -rf model; mkdir model; (echo {n}; od -An -N8 -tx1 /dev/urandom) > model/weights; od -An -N8 -tx1 /dev/urandom > new; mv new metrics");
        _folder.Write("c/model/weights", "of an earlier program\n");
        _folder.Write("c/metrics", "of an earlier program\n");
        Assert.Equal("train:succeeded", await StatesAsync());
        Assert.Equal("train:cached", await StatesAsync());
        Assert.Equal("train:succeeded", await StatesAsync("n=2"));
        Assert.Equal("train:cached", await StatesAsync("n=2"));
        Assert.Equal("train:cached", await StatesAsync());
        // What a person puts there may be meant.
        _folder.Write("c/model/weights", "somebody's own\n");
        Assert.Equal("train:succeeded", await StatesAsync());
        Assert.Equal("train:cached", await StatesAsync());
        // A program that reads them runs for them.
        Train("thrown-away", "cat model/weights; rm -rf model; mkdir model; (echo {n}; od -An -N8 -tx1 /dev/urandom) > model/weights");
        Assert.Equal("train:succeeded", await StatesAsync());
        Assert.Equal("train:succeeded", await StatesAsync());
    }

    [Theory]
    [InlineData("cat state > /dev/null; rm state; (echo {n}; date +%N) > state")]
    [InlineData("(echo {n}; date +%N) >> state")]
    [InlineData("ln state other; rm state; cat other; mv other ../seen; (echo {n}; date +%N) > state")]
    [InlineData("mv state old; cat old; rm old; (echo {n}; date +%N) > state")]
    [InlineData("rm state; echo 1 > other$(date +%N)")]
    [InlineData("rm state; (echo {n}; date +%N) > state")]
    [InlineData("[ ! -e state ] || rm state")]
    public async Task A_file_that_was_read_or_that_is_gone_is_still_what_the_step_began_with(string command)
    {
        Train($"read-{Guid.NewGuid():N}", command);
        _folder.Write("c/state", "begin\n");
        Assert.Equal("train:succeeded", await StatesAsync());
        _folder.Write("c/state", "something else\n");
        Assert.Equal("train:succeeded", await StatesAsync());
    }

    /// <summary>make and use work in one folder and hand a file on without a word.</summary>
    private void Chain(string name, string make = "echo {n} > data.txt", string use = "cat data.txt; cat data.txt > copy.txt") =>
        WriteChain(name, $"entry_points:\n  make: {{parameters: {{n: int}}, command: '{make}'}}\n  use: {{parameters: {{m: int}}, command: '{use}; : {{m}}'}}\n");

    private void WriteChain(string name, string project)
    {
        _folder.Write("c/MLproject", project);
        _folder.Write("pipeline.yaml", $$$"""
            name: {{{name}}}
            params: {n: 1, m: 1}
            steps:
              make: {component: c, entry_point: make, params: {n: "${{ params.n }}"}}
              use: {component: ./c/, entry_point: use, needs: [make], params: {m: "${{ params.m }}"}}
            """);
    }

    [Fact]
    public async Task What_a_step_leaves_in_the_folder_counts_for_those_after_it_and_not_for_itself()
    {
        Chain("handed-on");
        Assert.Equal("make:succeeded use:succeeded", await StatesAsync());
        Assert.Equal("make:cached use:cached", await StatesAsync());
        var changed = await RunAsync("n=2");
        Assert.Equal("make:succeeded use:succeeded", PipelineFolder.States(changed.Steps));
        Assert.Equal("data.txt changed, which another step wrote", changed.Steps[1].Reason);
        Assert.Equal("make:cached use:cached", await StatesAsync("n=2"));
        Assert.Equal("make:cached use:succeeded", await StatesAsync("n=2", "m=2"));
        // What make left at n=1 is not there any more; it has to be made before anybody may read it.
        var back = await RunAsync();
        Assert.Equal("make:succeeded use:cached", PipelineFolder.States(back.Steps));
        Assert.Equal("data.txt is not what it left for other steps", back.Steps[0].Reason);
        Assert.Equal("1\n", await File.ReadAllTextAsync(_folder.Combine("c/data.txt")));
        // A copy of the code alone: everything is known.
        File.Delete(_folder.Combine("c/data.txt"));
        File.Delete(_folder.Combine("c/copy.txt"));
        Assert.Equal("make:cached use:cached", await StatesAsync());
    }

    [Fact]
    public async Task What_a_step_before_leaves_and_nobody_opens_changes_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells which files were opened");
        Chain("unopened", "echo {n} > data.txt; od -An -N8 -tx1 /dev/urandom > log.txt");
        Assert.Equal("make:succeeded use:succeeded", await StatesAsync());
        // make runs anew and leaves the same data beside another log.
        _folder.Options = _folder.Options with { From = ["make"], Only = ["make"] };
        Assert.Equal("make:succeeded use:skipped", await StatesAsync());
        _folder.Options = _folder.Options with { From = [], Only = [] };
        Assert.Equal("make:cached use:cached", await StatesAsync());
    }

    [Fact]
    public async Task What_has_no_end_is_not_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there may be no such files");
        Train("endless", "head -c 3 /dev/urandom > bytes; wc -c < {n}");
        _folder.Write("c/MLproject", (await File.ReadAllTextAsync(_folder.Combine("c/MLproject"))).Replace("n: int", "n: string", StringComparison.Ordinal));
        using (var made = System.Diagnostics.Process.Start("mkfifo", [_folder.Combine("c/pipe")]))
        {
            await made.WaitForExitAsync();
        }

        Assert.Equal("train:succeeded", await StatesAsync("n=/dev/null"));
        Assert.Equal("train:cached", await StatesAsync("n=/dev/null"));
        Assert.Contains("params changed", Assert.Single(await _folder.PlanAsync(server.Client, "n=/dev/zero")).Reason, StringComparison.Ordinal);
        Assert.Contains("params changed", Assert.Single(await _folder.PlanAsync(server.Client, "n=pipe")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_come_and_go_while_they_are_looked_at_disturb_nobody()
    {
        using var folder = new TemporaryFolder();
        folder.Write("c/MLproject", "entry_points: {main: {command: 'true'}}\n");
        var project = ProjectFile.Open(folder.Combine("c"));
        using var over = new CancellationTokenSource();
        var coming = Task.Run(() =>
        {
            for (var i = 0; !over.IsCancellationRequested; i++)
            {
                folder.Write($"c/outputs/{i % 7}/{i % 50}", "x");
                if (i % 20 == 19)
                {
                    Directory.Delete(folder.Combine("c/outputs"), recursive: true);
                }
            }
        });
        for (var i = 0; i < 200; i++)
        {
            var code = CodeDigest.Of(project, project.EntryPoint("main"), [], StepProducts.Of(folder.Combine("cache"), project.Folder));
            Assert.Contains(code.Files, file => file.Key == "MLproject");
        }

        await over.CancelAsync();
        await coming;
    }

    [Fact]
    public async Task Those_that_note_something_at_the_same_time_lose_nothing()
    {
        using var cache = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        var before = CodeDigest.OfListing("");
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(async () =>
        {
            var products = StepProducts.Of(cache.Path, folder.Path);
            folder.Write($"out/{i}", $"{i}");
            await products.NoteAsync(folder.Path, before, $"step {i}", CancellationToken.None);
        })));
        var known = StepProducts.Of(cache.Path, folder.Path);
        Assert.All(Enumerable.Range(0, 24), i => Assert.True(known.Wrote($"out/{i}", CodeDigest.DigestOf(folder.Combine($"out/{i}")))));
        Assert.DoesNotContain(Directory.EnumerateFiles(cache.Path, "*", SearchOption.AllDirectories), file => Path.GetFileName(file).Length > 40);
    }
}
