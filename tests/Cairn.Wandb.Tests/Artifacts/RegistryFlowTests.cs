using System.Text.Json.Nodes;

namespace Cairn.Wandb.Tests.Artifacts;

/// <summary>Registries: the one organization of a server is its one entity, a registry a project of links.</summary>
public sealed class RegistryFlowTests(WandbServer server) : IClassFixture<WandbServer>
{
    private const string OrgInfo =
        """
        query FetchOrgInfoFromEntity($entity: String!) { entity(name: $entity) { organization { ...OrgInfoFragment } user { organizations { ...OrgInfoFragment } } } }
        fragment OrgInfoFragment on Organization { name orgEntity { name } }
        """;

    private const string Link =
        """
        mutation LinkArtifact($input: LinkArtifactInput!) { linkArtifact(input: $input) { versionIndex artifactMembership { versionIndex artifactCollection { name project { name entity { name } } } } } }
        """;

    private const string Collections =
        """
        query RegistryCollections($organization: String!, $registryFilter: JSONString, $collectionFilter: JSONString, $collectionTypes: [ArtifactCollectionType!] = [PORTFOLIO]) {
          organization(name: $organization) { orgEntity { name artifactCollections(projectFilters: $registryFilter, filters: $collectionFilter, collectionTypes: $collectionTypes) { totalCount edges { node { __typename name type: defaultArtifactType { name } } } } } }
        }
        """;

    [Fact]
    public async Task A_version_is_linked_to_a_registry_found_there_and_shown_with_the_history_of_its_aliases()
    {
        var client = new ArtifactClient(server, "registry-source");
        var organization = (await server.DoAsync(OrgInfo, new JsonObject { ["entity"] = "cairn" }))["entity"]!["organization"]!;
        Assert.Equal("cairn", (string)organization["orgEntity"]!["name"]!);
        var first = await client.LogAsync("m", "model", "a.txt", "one");
        var second = await client.LogAsync("m", "model", "a.txt", "two");
        await LinkAsync(first, "best");
        await LinkAsync(second, "best");

        var found = (await server.DoAsync(Collections, new JsonObject { ["organization"] = "cairn", ["registryFilter"] = """{"name":{"$regex":"^wandb-registry-"}}""", ["collectionFilter"] = """{"name":"prices"}""" }))
            ["organization"]!["orgEntity"]!["artifactCollections"]!;
        Assert.Equal(1, (int)found["totalCount"]!);
        Assert.Equal("model", (string)found["edges"]![0]!["node"]!["type"]!["name"]!);

        var registry = new ArtifactClient(server, "wandb-registry-model");
        Assert.Equal(1, (int)(await registry.FindAsync("prices:best"))!["versionIndex"]!);

        // The page that the client prints, and what it shows.
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        using var page = await http.GetAsync(new Uri("/orgs/cairn/registry/model?selectionPath=cairn%2Fwandb-registry-model%2Fprices&view=membership&version=v1", UriKind.Relative));
        var address = page.Headers.Location!.ToString();
        Assert.Matches("^/artifacts/[0-9]+/prices[?]v=v1$", address);
        var shown = await server.GetJsonAsync("/api/v1" + address.Split('?')[0]);
        Assert.Equal(["v1", "v0"], shown["versions"]!.AsArray().Select(version => (string)version!["version"]!));
        Assert.Equal("v1", (string)shown["artifact"]!["aliases"]!["best"]!);
        Assert.Equal(["v1", "v0"], shown["aliasHistory"]!.AsArray().Where(change => (string)change!["alias"]! == "best").Select(change => (string)change!["to"]!));
        var version = await server.GetJsonAsync($"/api/v1{address.Split('?')[0]}/versions/best");
        Assert.Equal(("prices", "v1"), ((string)version["version"]!["name"]!, (string)version["version"]!["version"]!));
        Assert.Equal("two", await server.Http.GetStringAsync(new Uri($"/api/v1{address.Split('?')[0]}/versions/v1/files/a.txt", UriKind.Relative)));
    }

    [Fact]
    public async Task A_filter_that_is_not_known_is_refused_by_its_name() =>
        Assert.Contains(
            "\"size\"",
            await server.RefusalAsync(Collections, new JsonObject { ["organization"] = "cairn", ["collectionFilter"] = """{"size":{"$gt":"1"}}""" }),
            StringComparison.Ordinal);

    [Fact]
    public async Task A_model_goes_on_in_the_registry_under_the_new_name_of_its_collection()
    {
        var client = new ArtifactClient(server, "renaming");
        await client.LogAsync("old_name", "model", "a.txt", "weights");
        var collection = await server.DoAsync("{ project(name: \"renaming\") { artifactCollection(name: \"old_name\") { id } } }");
        const string rename = "mutation R($id: ID!, $name: String!) { updateArtifactSequence(input: {artifactSequenceID: $id, name: $name}) { artifactCollection { name } } }";
        await server.DoAsync(rename, new JsonObject { ["id"] = (string)collection["project"]!["artifactCollection"]!["id"]!, ["name"] = "new_name" });
        var model = await server.GetJsonAsync("/api/2.0/mlflow/registered-models/get?name=new_name");
        Assert.Equal("new_name", (string)model["registered_model"]!["latest_versions"]![0]!["name"]!);
    }

    private Task<JsonNode> LinkAsync(string artifact, string alias) => server.DoAsync(Link, new JsonObject
    {
        ["input"] = new JsonObject
        {
            ["artifactID"] = artifact,
            ["artifactPortfolioName"] = "prices",
            ["entityName"] = "cairn",
            ["projectName"] = "wandb-registry-model",
            ["aliases"] = new JsonArray(new JsonObject { ["artifactCollectionName"] = "prices", ["alias"] = alias }),
        },
    });
}
