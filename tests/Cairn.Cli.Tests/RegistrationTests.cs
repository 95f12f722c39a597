using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cairn.Tests;

namespace Cairn.Cli.Tests;

/// <summary>Pipelines registered from git, and who hears of what happens, through the program itself.</summary>
public sealed class RegistrationTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    private async Task<string> DoAsync(params string[] arguments)
    {
        var answer = await _cli.CairnAsync(arguments);
        Assert.True(answer.ExitCode == 0, answer.ToString());
        return answer.Out;
    }

    private async Task GitAsync(params string[] arguments)
    {
        var answer = await _cli.RunAsync("git", ["-C", Path.Combine(_cli.Work, "repo"), "-c", "user.name=t", "-c", "user.email=t@example.com", .. arguments], []);
        Assert.True(answer.ExitCode == 0, answer.ToString());
    }

    [Fact]
    public async Task A_pipeline_of_a_git_repository_is_registered_at_a_commit_and_workers_fetch_that()
    {
        var home = Path.GetDirectoryName(_cli.Work)!;
        _cli.Project("repo/parts/train", $"echo one >> '{home}/ran'");
        _cli.Write("repo/pipe/pipeline.yaml", "name: fetched\nsteps: {train: {component: ../parts/train}}\ntriggers: {drift: {check: drift}}\n");
        await GitAsync("init", "-q", "-b", "main");
        await GitAsync("add", ".");
        await GitAsync("commit", "-qm", "one");
        await GitAsync("tag", "v1");
        _cli.Project("repo/parts/train", $"echo two >> '{home}/ran'");
        await GitAsync("commit", "-qam", "two");
        var address = $"file://{_cli.Work}/repo#pipe";

        var first = JsonDocument.Parse(await DoAsync("pipeline", "register", address, "-v", "v1", "--json")).RootElement.GetProperty("source");
        Assert.Equal(("git", address), (first.GetProperty("kind").GetString(), first.GetProperty("location").GetString()));
        Assert.Matches("^[0-9a-f]{40}$", first.GetProperty("commit").GetString());
        await FireAsync();
        await FireAsync();
        // The second time nothing had changed.
        Assert.Equal("one\n", await File.ReadAllTextAsync(Path.Combine(home, "ran")));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(home, "cache", "cairn", "pipelines"), "*.git"));

        // The newest; the folder of the repository may change meanwhile.
        await DoAsync("pipeline", "register", address);
        _cli.Project("repo/parts/train", "false");
        await FireAsync();
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(Path.Combine(home, "ran")));

        Assert.Equal(2, (await _cli.CairnAsync("pipeline", "register", address, "--in-place")).ExitCode);
        var unknown = await _cli.CairnAsync("pipeline", "register", address, "-v", "v9");
        Assert.True(unknown.ExitCode != 0 && unknown.Error.Contains("v9", StringComparison.Ordinal), unknown.ToString());
        Assert.Equal(2, (await _cli.CairnAsync("pipeline", "register", "ext::sh -c id")).ExitCode);
    }

    private async Task FireAsync()
    {
        await DoAsync("trigger", "fire", "drift");
        await DoAsync("worker", "--until-idle");
        var jobs = JsonDocument.Parse(await DoAsync("trigger", "jobs", "--json")).RootElement.GetProperty("jobs").EnumerateArray();
        Assert.All(jobs, job => Assert.Equal("finished", job.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task A_webhook_hears_of_a_promotion_under_its_signature_until_it_is_removed()
    {
        using var listener = FreePort.Listen(out var url);
        var variables = new Dictionary<string, string> { ["HOOK_SECRET"] = "a secret of some length" };
        using var server = _cli.Start(CliFixture.Executable, ["server", "--listen", "127.0.0.1:0", "--json", "--webhook-hosts", "127.0.0.1"], []);
        try
        {
            await server.StandardOutput.ReadLineAsync().WaitAsync(CliFixture.Limit);
            var address = url + "hook";
            Assert.Equal(2, (await _cli.CairnAsync("webhook", "add", "team", address, "--secret-env", "HOOK_SECRET")).ExitCode);
            Assert.NotEqual(0, (await _cli.CairnAsync("webhook", "add", "team", "http://localhost/hook")).ExitCode);
            Assert.NotEqual(0, (await _cli.CairnAsync("webhook", "add", "team", address, "--event", "no.such")).ExitCode);
            var added = await _cli.RunAsync(CliFixture.Executable, ["webhook", "add", "team", address, "--secret-env", "HOOK_SECRET", "--event", "promotion.accepted"], variables);
            Assert.True(added.ExitCode == 0, added.ToString());
            Assert.Contains(address, await DoAsync("webhook", "ls"), StringComparison.Ordinal);
            var listed = await DoAsync("webhook", "ls", "--json");
            Assert.DoesNotContain("a secret", listed, StringComparison.Ordinal);
            Assert.Equal("team", JsonDocument.Parse(listed).RootElement.GetProperty("webhooks")[0].GetProperty("name").GetString());

            _cli.Write("m.txt", "m");
            await DoAsync("artifact", "put", "model", "m.txt", "--type", "model");
            var hearing = ReceiveAsync(listener, variables["HOOK_SECRET"]);
            await DoAsync("gate", "set", "model", "--approvals", "1");
            await DoAsync("approve", "model:v0", "--as", "ann");
            await DoAsync("promote", "model:v0", "--why", "first");
            var message = JsonDocument.Parse(await hearing.WaitAsync(CliFixture.Limit)).RootElement;
            Assert.Contains("model", message.GetProperty("data").GetRawText(), StringComparison.Ordinal);
            await DoAsync("webhook", "rm", "team");
            Assert.Equal("[]", JsonDocument.Parse(await DoAsync("webhook", "ls", "--json")).RootElement.GetProperty("webhooks").GetRawText());
            Assert.Equal(4, (await _cli.CairnAsync("webhook", "rm", "team")).ExitCode);
        }
        finally
        {
            CliFixture.Signal(server, "TERM");
            await CliFixture.EndAsync(server);
        }
    }

    /// <summary>The body of the next message, whose signature must be right.</summary>
    private static async Task<string> ReceiveAsync(HttpListener listener, string secret)
    {
        var context = await listener.GetContextAsync();
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var signed = $"{context.Request.Headers["X-MLflow-Delivery-Id"]}.{context.Request.Headers["X-MLflow-Timestamp"]}.{body}";
        var expected = $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed)))}";
        Assert.Equal(expected, context.Request.Headers["X-MLflow-Signature"]);
        context.Response.StatusCode = 200;
        context.Response.Close();
        return body;
    }
}
