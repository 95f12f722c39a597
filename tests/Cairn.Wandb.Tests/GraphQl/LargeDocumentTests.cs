using System.Text.Json.Nodes;
using Cairn.Wandb.Tests.Runs;

namespace Cairn.Wandb.Tests.GraphQl;

/// <summary>Documents of many megabytes. Not at once with what measures the memory.</summary>
[Collection(FuzzTests.Memory)]
public sealed class LargeDocumentTests(WandbServer server) : IClassFixture<WandbServer>
{
    [Fact]
    public async Task The_large_question_by_which_a_client_tries_the_server_is_answered()
    {
        const string document =
            """
            query Project($entity: String!, $name: String!, $runName: String!, $desc: String!){
                project(entityName: $entity, name: $name) {
                    run(name: $runName, desc: $desc) {
                        name
                        summaryMetrics
                    }
                }
            }
            """;
        await server.UpsertAsync("large", "tried");
        var large = new string('a', 10_000_000);
        var data = await server.DoAsync(document, new JsonObject { ["entity"] = "root", ["name"] = "large", ["runName"] = "tried", ["desc"] = large });
        Assert.Equal("tried", (string)data["project"]!["run"]!["name"]!);
        Assert.Null((await server.DoAsync(document, new JsonObject { ["entity"] = "root", ["name"] = "large", ["runName"] = "", ["desc"] = large }))["project"]!["run"]);
    }
}
