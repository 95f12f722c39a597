using System.Diagnostics;
using System.Text.Json.Nodes;
using Cairn.Wandb.Tests.Runs;

namespace Cairn.Wandb.Tests.Clients;

/// <summary>The official JavaScript client, from its registry.</summary>
public sealed class JavaScriptClientTests(WandbServer server) : IClassFixture<WandbServer>
{
    private const string Package = "@wandb/sdk@0.5.1";
    private const int Late = -2;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private const string Program =
        """
        import wandb from '@wandb/sdk';
        await wandb.init({ project: 'npm', config: { test: 1 } });
        for (let i = 0; i < 20; i++) wandb.log({ acc: i / 20, loss: 1 / (i + 1) });
        await wandb.finish();
        """;

    [Fact]
    public async Task A_run_of_the_javascript_client_is_there_whole()
    {
        var folder = Directory.CreateTempSubdirectory("cairn-npm-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{"private":true,"type":"module"}""");
            await File.WriteAllTextAsync(Path.Combine(folder, "run.js"), Program);
            Assert.SkipUnless(await RunAsync(folder, "npm", "install", "--no-audit", "--no-fund", Package) == 0, "npm cannot install the client here.");
            Assert.Equal(0, await RunAsync(folder, "node", "run.js"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        var data = await server.DoAsync(Documents.Runs, new JsonObject { ["project"] = "npm", ["entity"] = "cairn" });
        var run = Assert.Single(data["project"]!["runs"]!["edges"]!.AsArray())!["node"]!;
        Assert.Equal("""{"test":1}""", (string)run["config"]!);
        var name = await NameAsync();
        Assert.Equal(20, (await server.HistoryAsync("npm", name)).Count);
        Assert.Equal("finished", (string)(await server.RunAsync("npm", name))!["state"]!);
    }

    private async Task<string> NameAsync() =>
        (string)(await server.DoAsync("{ project(name: \"npm\") { runs { edges { node { name } } } } }"))["project"]!["runs"]!["edges"]![0]!["node"]!["name"]!;

    private async Task<int> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["WANDB_BASE_URL"] = server.Address.ToString().TrimEnd('/');
        start.Environment["WANDB_API_KEY"] = new string('0', 40);
        try
        {
            using var process = Process.Start(start)!;
            using var patience = new CancellationTokenSource(Limit);
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // A registry that does not answer, most likely. Its files are removed next, so nothing may write any more.
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
                return Late;
            }

            TestContext.Current.SendDiagnosticMessage($"{program}: {await output}{await errors}");
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
