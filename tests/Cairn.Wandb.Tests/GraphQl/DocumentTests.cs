using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Wandb.Tests.GraphQl;

/// <summary>What makes a document good or bad, whatever it asks for.</summary>
public sealed class DocumentTests(WandbServer server) : IClassFixture<WandbServer>
{
    [Fact]
    public async Task Fragments_aliases_and_directives_are_obeyed()
    {
        var data = await server.DoAsync(
            """
            query Q($on: Boolean!, $off: Boolean = false) {
              me: viewer { ...who id @skip(if: $on) ... on User { flags @include(if: $off) __typename } }
            }
            fragment who on User { username teams { edges { node { name } } } }
            """,
            new JsonObject { ["on"] = true });
        Assert.Equal("""{"me":{"username":"cairn","teams":{"edges":[{"node":{"name":"cairn"}}]},"__typename":"User"}}""", data.ToJsonString());
    }

    [Fact]
    public async Task Strings_of_both_kinds_and_comments_are_read()
    {
        var data = await server.DoAsync("{ # \"\"\" a comment\n a: __type(name: \"\"\"User\"\"\") { name } b: __type(name: \"\") { name } c: __type(name: \"x\\\"\\\\\") { name } d: __type(name: \"\"\" \\\"\"\" \"\"\") { name } }");
        Assert.Equal("""{"a":{"name":"User"},"b":null,"c":null,"d":null}""", data.ToJsonString());
    }

    [Fact]
    public async Task The_types_that_clients_probe_are_told()
    {
        var data = await server.DoAsync(
            """
            query ProbeServerCapabilities { QueryType: __type(name: "Query") { ...f } ServerInfoType: __type(name: "ServerInfo") { ...f } None: __type(name: "Nothing") { ...f } }
            fragment f on __Type { fields { name args { name } } }
            """);
        var fields = data["QueryType"]!["fields"]!.AsArray().Select(field => (string)field!["name"]!).ToList();
        Assert.Contains("viewer", fields);
        Assert.DoesNotContain("__type", fields);
        Assert.Contains("features", data["ServerInfoType"]!["fields"]!.AsArray().Select(field => (string)field!["name"]!));
        Assert.Null(data["None"]);
    }

    [Fact]
    public async Task The_whole_schema_can_be_read()
    {
        var data = await server.DoAsync("{ __schema { queryType { name } types { kind name fields { name type { kind name ofType { name } } args { name defaultValue } } inputFields { name } } directives { name args { name } } } }");
        Assert.Contains("User", data["__schema"]!["types"]!.AsArray().Select(type => (string)type!["name"]!));
    }

    [Theory]
    [InlineData("{ viewer { nmae } }", "Cannot query field \"nmae\" on type \"User\".")]
    [InlineData("mutation { launchRocket { id } }", "Cannot query field \"launchRocket\" on type \"Mutation\".")]
    [InlineData("{ viewer(who: 1) { id } }", "Unknown argument \"who\" on field \"Query.viewer\".")]
    [InlineData("{ viewer }", "Field \"viewer\" of type \"User\" must say which of its fields are wanted.")]
    [InlineData("{ viewer { id { x } } }", "Field \"id\" of type \"ID!\" has no fields of its own to ask for.")]
    [InlineData("{ viewer { ...gone } }", "Unknown fragment \"gone\".")]
    [InlineData("{ viewer { ...a } } fragment a on User { ...b } fragment b on User { ...a }", "The fragment \"a\" contains itself.")]
    [InlineData("{ viewer { id @mirror } }", "Unknown directive \"@mirror\".")]
    [InlineData("subscription { viewer { id } }", "Subscriptions are not supported.")]
    [InlineData("{ __type(name: 5) { name } }", "The value 5 of field \"Query.__type\".name does not fit its type \"String!\".")]
    [InlineData("query($n: String!) { __type(name: $n) { name } }", "Variable \"$n\" of required type \"String!\" was not provided.")]
    [InlineData("query($n: Nope) { __type(name: $n) { name } }", "Unknown type \"Nope\" of the variable \"$n\".")]
    [InlineData("{ __type(name: $n) { name } }", "Variable \"$n\" is not defined.")]
    [InlineData("{ a: __typename a: viewer { id } }", "The name \"a\" stands for two different fields. Give one of them another alias.")]
    [InlineData("{ __type(name: \"\"\"a \\\"\"\" b) { name } }", "The block string at character 16 has no end within 4096 characters. Send long text as a variable.")]
    public async Task A_bad_document_is_refused_by_what_is_wrong(string document, string message) =>
        Assert.Equal(message, await server.RefusalAsync(document));

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task A_bomb_does_not_go_off(string name, string document) =>
        Assert.False(string.IsNullOrEmpty(await server.RefusalAsync(document)), name);

    public static TheoryData<string, string> Bombs() => new()
    {
        { "depth", string.Concat(Enumerable.Repeat("{viewer", 100_000)) },
        { "depth of fields", "{" + string.Concat(Enumerable.Repeat("__schema{types{", 30)) + "name" + new string('}', 61) },
        { "depth of values", "{__type(name:" + new string('[', 50_000) + "){name}}" },
        { "aliases", "{" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"a{i}:viewer{{id}}")) + "}" },
        { "aliases below", "{viewer{" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"a{i}:id ")) + "}}" },
        { "fragments", "{viewer{...f0}}" + string.Concat(Enumerable.Range(0, 40).Select(i => $"fragment f{i} on User{{...f{i + 1} ...f{i + 1}}}")) + "fragment f40 on User{id}" },
        { "block string", "{__type(name:\"\"\"" + new string('x', 100_000) + "\"\"\"){name}}" },
        { "string", "{__type(name:\"" + new string('x', 100_000) + "){name}}" },
        { "comment", "{viewer{id #" + new string('x', 100_000) },
        { "empty", "" },
        { "long", "{viewer{" + new StringBuilder().Insert(0, "id ", 100_000) + "}}" },
    };

    [Fact]
    public async Task Bodies_that_are_no_document_are_refused()
    {
        foreach (var body in new[] { "", "[]", "{", "7", "{\"query\":5}", "[{\"query\":\"{viewer{id}}\"}]", "{\"query\":\"{viewer{id}}\",\"variables\":[]}", "{\"query\":\"{viewer{id}} #\\ud800\"}" })
        {
            var answer = await server.PostAsync("/graphql", body);
            Assert.False(string.IsNullOrEmpty((string?)answer["errors"]![0]!["message"]), body);
        }
    }

    [Fact]
    public async Task Ten_megabytes_of_variables_are_read()
    {
        var data = await server.DoAsync("query($n: String!) { __type(name: $n) { name } }", new JsonObject { ["n"] = new string('x', 10_000_000) });
        Assert.Null(data["__type"]);
    }
}
