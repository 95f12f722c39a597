using Cairn.Core;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Cairn.Server.Tests;

public sealed class RouteTableTests
{
    private static readonly string[] Rows =
    [
        "GET /runs", "POST /runs", "GET /runs/{id}", "GET /runs/latest", "GET /runs/{id}/files/{**path}", "PUT /runs/{id}/files/{**path}",
        "* /runs/{**rest}", "GET /a/{x}/c", "GET /a/b/{y}", "* /{**page}",
    ];

    [Theory]
    [InlineData("GET", "/runs", "GET /runs")]
    [InlineData("POST", "/runs/", "POST /runs")]
    [InlineData("GET", "/RUNS/latest", "GET /runs/latest")]
    [InlineData("GET", "/runs/7", "GET /runs/{id}", "id=7")]
    [InlineData("GET", "/runs/7/files/x/y.txt", "GET /runs/{id}/files/{**path}", "id=7,path=x/y.txt")]
    [InlineData("PUT", "/runs/7/files/folder/", "PUT /runs/{id}/files/{**path}", "id=7,path=folder/")]
    [InlineData("GET", "/runs/7/files", "GET /runs/{id}/files/{**path}", "id=7")]
    [InlineData("DELETE", "/runs/7", "* /runs/{**rest}", "rest=7")]
    [InlineData("DELETE", "/runs", "* /runs/{**rest}")]
    [InlineData("GET", "/runs//files/x", "* /runs/{**rest}", "rest=/files/x")]
    [InlineData("GET", "/a/b/c", "GET /a/b/{y}", "y=c")]
    [InlineData("GET", "/a/q/c", "GET /a/{x}/c", "x=q")]
    [InlineData("GET", "/a/q/d", "* /{**page}", "page=a/q/d")]
    [InlineData("GET", "/", "* /{**page}")]
    [InlineData("GET", "//", "* /{**page}", "page=/")]
    public async Task A_path_finds_the_most_exact_route_of_its_method(string method, string path, string row, string values = "")
    {
        var (found, captured) = await AskAsync(Table(Rows), method, path);
        Assert.Equal(row, found);
        Assert.Equal(values, captured);
    }

    [Fact]
    public async Task A_path_without_a_route_is_not_found()
    {
        var table = Table(["GET /runs"]);
        await Assert.ThrowsAsync<CairnException>(() => AskAsync(table, "GET", "/run"));
        await Assert.ThrowsAsync<CairnException>(() => AskAsync(table, "POST", "/runs"));
    }

    [Fact]
    public async Task Routes_mapped_by_the_frameworks_own_methods_are_taken_in()
    {
        var table = Table(["* /{**page}"]);
        table.MapGet("/graphql/{name}", (HttpContext http) => Answer(http, "framework"));
        table.MapMethods("/graphql/{name}", ["PUT", "PATCH"], http => Answer(http, "both"));
        table.Complete();
        Assert.Equal(("framework", "name=x"), await AskAsync(table, "GET", "/graphql/x"));
        Assert.Equal(("both", "name=x"), await AskAsync(table, "PATCH", "/graphql/x"));
        Assert.Equal(("* /{**page}", "page=graphql/x"), await AskAsync(table, "DELETE", "/graphql/x"));
    }

    [Theory]
    [InlineData("/runs/{id}", "mapped twice")]
    [InlineData("/runs/{other}", "mapped twice")]
    [InlineData("/x/{id:int}", "does not know")]
    [InlineData("/x/{name}.json", "does not know")]
    [InlineData("/x/{**rest}/y", "does not know")]
    public void A_route_that_cannot_work_stops_the_start(string pattern, string word)
    {
        var table = Table(Rows);
        var fault = Assert.ThrowsAny<InvalidOperationException>(() =>
        {
            try
            {
                table.Map("GET", pattern, http => Answer(http, ""));
            }
            catch (NotSupportedException unknown)
            {
                throw new InvalidOperationException(unknown.Message, unknown);
            }
        });
        Assert.Contains(word, fault.Message, StringComparison.Ordinal);
    }

    private static RouteTable Table(IEnumerable<string> rows)
    {
        var table = new RouteTable(new ServiceCollection().BuildServiceProvider());
        foreach (var row in rows)
        {
            var parts = row.Split(' ');
            table.Map(parts[0] == "*" ? null : parts[0], parts[1], http => Answer(http, row));
        }

        return table;
    }

    private static Task Answer(HttpContext http, string row)
    {
        http.Items["row"] = row;
        return Task.CompletedTask;
    }

    private static async Task<(string Row, string Values)> AskAsync(RouteTable table, string method, string path)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = method;
        http.Request.Path = path;
        await table.HandleAsync(http);
        return ((string)http.Items["row"]!, string.Join(',', http.Request.RouteValues.Select(pair => $"{pair.Key}={http.GetRouteValue(pair.Key)}")));
    }
}
