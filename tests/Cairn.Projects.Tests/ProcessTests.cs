using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Tests;

public sealed class ProcessTests
{
    private static readonly TimeSpan Limit = SafetyNet.Limit;

    private static ChildCommand Sh(string line, string folder = "/", params (string Name, string Value)[] variables) =>
        new("/bin/sh", ["-c", line], folder,
            new Dictionary<string, string>(variables.Select(v => new KeyValuePair<string, string>(v.Name, v.Value)), StringComparer.Ordinal)
            {
                ["PATH"] = "/usr/bin:/bin",
            });

    private static async Task<string> ReadAsync(Stream stream) => await new StreamReader(stream).ReadToEndAsync().WaitAsync(Limit);

    /// <summary>Waits until the process is gone (a zombie counts as gone).</summary>
    private static async Task GoneAsync(int pid)
    {
        var watch = Stopwatch.StartNew();
        while (IsAlive(pid))
        {
            Assert.True(watch.Elapsed < Limit, $"process {pid} lives on");
            await Task.Delay(20);
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Theory]
    [InlineData("exit 0", 0, null)]
    [InlineData("exit 3", 3, null)]
    [InlineData("kill -KILL $$", 137, 9)]
    [InlineData("kill -TERM $$", 143, 15)]
    public async Task The_way_a_process_ended_is_told(string line, int code, int? signal)
    {
        using var child = ChildProcess.Start(Sh(line));
        Assert.Equal(new ChildExit(code, signal), await child.Exited.WaitAsync(Limit));
    }

    [Fact]
    public async Task It_runs_in_its_folder_with_its_environment_and_both_outputs_are_read()
    {
        using var folder = new TemporaryFolder();
        using var child = ChildProcess.Start(Sh("pwd; echo \"$X\" >&2; env | wc -l", folder.Path, ("X", "a 'b' \"c\" $(d) é")));
        var (output, error) = (ReadAsync(child.Output), ReadAsync(child.Error));
        Assert.StartsWith(folder.Path + "\n", await output, StringComparison.Ordinal);
        Assert.Equal("a 'b' \"c\" $(d) é\n", await error);
        await child.Exited.WaitAsync(Limit);
    }

    [Fact]
    public async Task It_leads_a_session_of_its_own_with_default_signals()
    {
        using var child = ChildProcess.Start(Sh("cat /proc/self/status; awk '{print $6}' /proc/$$/stat; echo $$"));
        var lines = (await ReadAsync(child.Output)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines[^1], lines[^2]);
        Assert.Equal(child.Id.ToString(CultureInfo.InvariantCulture), lines[^1]);

        // The C library ignores its own two signals, 32 and 33, in what it spawns.
        Assert.EndsWith("00000000", lines.Single(line => line.StartsWith("SigIgn", StringComparison.Ordinal)).Replace("80000000", "00000000", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("SigBlk:\t0000000000000000", lines.Single(line => line.StartsWith("SigBlk", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task No_descriptor_of_ours_leaks_into_it()
    {
        using var open = File.OpenRead("/dev/zero");
        using var other = ChildProcess.Start(Sh("read x"));
        using var child = ChildProcess.Start(Sh("ls -l /proc/self/fd >&2"));

        // Only what we opened ourselves is asked for: the host hands on what it inherited, and the runtime opens a file now and then.
        var links = (await ReadAsync(child.Error)).Split('\n').Select(line => line[(line.LastIndexOf(' ') + 1)..]).ToList();
        Assert.DoesNotContain("/dev/zero", links);
        Assert.DoesNotContain(Link(other.Output), links);
        Assert.DoesNotContain(Link(other.Error), links);
        Assert.DoesNotContain(Link(child.Output), links);
        Assert.Equal(2, links.Count(link => link == Link(child.Error)));

        static string? Link(Stream pipe) =>
            new FileInfo($"/proc/self/fd/{((PipeStream)pipe).SafePipeHandle.DangerousGetHandle()}").LinkTarget;
    }

    [Theory]
    [InlineData("/nowhere/program", "/")]
    [InlineData("/bin/sh", "/nowhere")]
    public void What_cannot_be_started_is_told(string program, string folder)
    {
        var e = Assert.Throws<ProjectException>(() => ChildProcess.Start(Sh("true", folder) with { Program = program }));
        Assert.Contains("/nowhere", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_longer_than_the_system_takes_is_told()
    {
        var e = Assert.Throws<ProjectException>(() => ChildProcess.Start(Sh(new string(':', 3_000_000))));
        Assert.Contains("too long", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ending_reaches_grandchildren_gracefully()
    {
        using var folder = new TemporaryFolder();
        var line = "trap 'echo outer >> ended; exit' TERM; sh -c \"trap 'echo inner >> ended; exit' TERM; echo ready; while :; do sleep 0.05; done\" & wait";
        using var child = ChildProcess.Start(Sh(line, folder.Path));
        Assert.Equal("ready", await new StreamReader(child.Output).ReadLineAsync().WaitAsync(Limit));
        await new ProcessFamily(child.Id, "X=unused").EndAsync(Limit, CancellationToken.None);
        await child.Exited.WaitAsync(Limit);
        Assert.Equal(["inner", "outer"], (await File.ReadAllLinesAsync(folder.Combine("ended"))).Order());
    }

    [Fact]
    public async Task What_does_not_end_when_asked_is_ended_by_force()
    {
        using var child = ChildProcess.Start(Sh("trap '' TERM; (trap '' TERM; echo ready; while :; do sleep 0.05; done) & wait; while :; do sleep 0.05; done"));
        Assert.Equal("ready", await new StreamReader(child.Output).ReadLineAsync().WaitAsync(Limit));
        var family = new ProcessFamily(child.Id, "X=unused");
        await family.EndAsync(TimeSpan.FromMilliseconds(300), CancellationToken.None).WaitAsync(Limit);
        Assert.Equal(9, (await child.Exited.WaitAsync(Limit)).Signal);
        Assert.False(family.IsAlive);
    }

    [Fact]
    public async Task Force_does_not_wait_for_the_grace()
    {
        using var child = ChildProcess.Start(Sh("trap '' TERM; echo ready; while :; do sleep 0.05; done"));
        Assert.Equal("ready", await new StreamReader(child.Output).ReadLineAsync().WaitAsync(Limit));
        using var force = new CancellationTokenSource();
        var ending = new ProcessFamily(child.Id, "X=unused").EndAsync(TimeSpan.FromHours(1), force.Token);
        await force.CancelAsync();
        await ending.WaitAsync(Limit);
        Assert.Equal(9, (await child.Exited.WaitAsync(Limit)).Signal);
    }

    [Fact]
    public async Task A_daemon_that_left_the_group_is_found_by_its_mark()
    {
        var mark = $"CAIRN_TEST_MARK={Guid.NewGuid():N}";
        using var child = ChildProcess.Start(Sh("setsid sh -c 'echo $$; exec sleep 1000' & wait", "/", ("CAIRN_TEST_MARK", mark[16..])));
        var daemon = int.Parse((await new StreamReader(child.Output).ReadLineAsync().WaitAsync(Limit))!, CultureInfo.InvariantCulture);
        Assert.True(IsAlive(daemon));
        await new ProcessFamily(child.Id, mark).EndAsync(Limit, CancellationToken.None).WaitAsync(Limit);
        await GoneAsync(daemon);
    }

    [Fact]
    public async Task A_daemon_that_is_just_becoming_another_program_is_found_too()
    {
        // While a process takes on another program its environment reads as empty; this one does nothing else.
        using var folder = new TemporaryFolder();
        var again = folder.Combine("again");
        await File.WriteAllTextAsync(again, $"exec /bin/sh {again}\n");
        for (var i = 0; i < 60; i++)
        {
            var mark = $"CAIRN_TEST_MARK={Guid.NewGuid():N}";
            using var child = ChildProcess.Start(Sh($"setsid sh -c 'echo $$; exec /bin/sh {again}' & wait", "/", ("CAIRN_TEST_MARK", mark[16..])));
            var daemon = int.Parse((await new StreamReader(child.Output).ReadLineAsync().WaitAsync(Limit))!, CultureInfo.InvariantCulture);
            await new ProcessFamily(child.Id, mark).EndAsync(Limit, CancellationToken.None).WaitAsync(Limit);
            await GoneAsync(daemon);
        }
    }

    [Fact]
    public async Task When_the_lifeline_breaks_the_group_is_ended()
    {
        // The shell that guards sees the same whether the pipe is closed or its owner is killed: an end without a word.
        using var child = ChildProcess.Start(Sh("sleep 1000 & echo $!; wait"));
        var grandchild = int.Parse((await new StreamReader(child.Output).ReadLineAsync().WaitAsync(Limit))!, CultureInfo.InvariantCulture);
        child.BreakLifeline();
        Assert.Equal(15, (await child.Exited.WaitAsync(Limit)).Signal);
        await GoneAsync(grandchild);
    }
}
