using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.EndToEnd.Tests;

/// <summary>kill -9 of the server in the middle of a run of W&amp;B's own JavaScript client, from its registry: the client ends by itself, and nothing is lost or doubled.</summary>
public sealed class WandbClientCrashTests
{
    private const string Package = "@wandb/sdk@0.5.1";
    private const int Rows = 400;

    private static readonly string Program =
        $$"""
        import wandb from '@wandb/sdk';
        await wandb.init({ project: 'crash', config: { test: 1 } });
        for (let i = 0; i < {{Rows}}; i++) {
          wandb.log({ m: i });
          await new Promise((go) => setTimeout(go, 20));
        }
        await wandb.finish();
        """;

    [Fact(Timeout = 5 * 60 * 1000)]
    public async Task A_run_of_the_javascript_client_is_exact_after_kill_9()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("cairn-npm-crash-").FullName;
        using var server = new ServerProcess(Path.Combine(folder, "data"));
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{"private":true,"type":"module"}""", cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "run.js"), Program, cancellation);
        using var npm = Start(folder, server.Address, "npm", "install", "--no-audit", "--no-fund", Package);
        Assert.SkipUnless(npm is not null, "There is no npm here.");
        await npm!.WaitForExitAsync(cancellation);
        Assert.SkipUnless(npm.ExitCode == 0, "npm cannot install the client here.");
        await server.StartAsync(cancellation);

        using var client = Start(folder, server.Address, "node", "run.js")!;
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = ServerProcess.Limit };
        while (await CountAsync(http, cancellation) is null or 0)
        {
            Assert.False(client.HasExited, "The client ended before it sent anything.");
            await Task.Delay(50, cancellation);
        }

        for (var kill = 0; kill < 3; kill++)
        {
            await Task.Delay(RandomNumberGenerator.GetInt32(200, 1500), cancellation);
            await server.KillAsync(cancellation);
            await server.StartAsync(cancellation);
        }

        await client.WaitForExitAsync(cancellation);
        Assert.Equal(0, client.ExitCode);
        const string history = "{ project(name: \"crash\") { runs { edges { node { state history(samples: 100000) } } } } }";
        var run = Assert.Single((await AskAsync(http, history, cancellation))!["project"]!["runs"]!["edges"]!.AsArray())!["node"]!;
        Assert.Equal("finished", (string)run["state"]!);
        Assert.Equal(Enumerable.Range(0, Rows), run["history"]!.AsArray().Select(row => (int)JsonNode.Parse((string)row!)!["m"]!));
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<int?> CountAsync(HttpClient http, CancellationToken cancellation) =>
        (int?)(await AskAsync(http, "{ project(name: \"crash\") { runs { edges { node { historyLineCount } } } } }", cancellation))?["project"]?["runs"]?["edges"]?.AsArray().FirstOrDefault()?["node"]?["historyLineCount"];

    private static async Task<JsonNode?> AskAsync(HttpClient http, string document, CancellationToken cancellation)
    {
        using var content = new StringContent(new JsonObject { ["query"] = document }.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/graphql", UriKind.Relative), content, cancellation);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation))!["data"];
    }

    private static Process? Start(string folder, Uri server, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder };
        start.Environment["WANDB_BASE_URL"] = server.ToString().TrimEnd('/');
        start.Environment["WANDB_API_KEY"] = new string('0', 40);
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
