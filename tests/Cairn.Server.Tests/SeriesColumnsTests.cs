using System.Buffers.Binary;
using System.Net;
using System.Text.Json;

namespace Cairn.Server.Tests;

/// <summary>Many series in one answer, as bytes.</summary>
public sealed class SeriesColumnsTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Series_of_many_runs_come_in_one_answer_and_what_a_run_lacks_is_left_out()
    {
        var first = await server.CreateRunAsync();
        var second = await server.CreateRunAsync();
        await WriteAsync(first.Id, "loss", 3);
        await WriteAsync(second.Id, "loss", 2);
        await WriteAsync(second.Id, "größe", 1);
        var gone = new string('0', 32);
        var series = await DrawAsync($$"""{"runs":["{{first.Id}}","{{gone}}","{{second.Id}}"],"keys":["loss","größe"]}""");
        Assert.Equal([(first.Id, "loss"), (second.Id, "loss"), (second.Id, "größe")], series.Select(one => (one.Run, one.Key)));
        Assert.Equal([0, 1, 2], series[0].Columns[0]);
        Assert.Equal([1000, 1001, 1002], series[0].Columns[1]);
        Assert.Equal([0.5, double.NaN, 2.5], series[0].Columns[2]);
    }

    [Fact]
    public async Task A_range_buckets_and_times_are_obeyed()
    {
        var run = await server.CreateRunAsync();
        await WriteAsync(run.Id, "m", 5_000);
        var some = Assert.Single(await DrawAsync($$"""{"runs":["{{run.Id}}"],"keys":["m"],"from":1000,"to":3999,"buckets":10,"times":false}"""));
        Assert.Equal(3_000, some.Count);
        Assert.Equal(2, some.Columns.Count);
        Assert.InRange(some.Columns[0].Length, 20, 50);
        Assert.Equal(1000, some.Columns[0][0]);
        Assert.Equal(3999, some.Columns[0][^1]);
        Assert.Empty(await DrawAsync($$"""{"runs":["{{run.Id}}"],"keys":["m"],"from":9000}"""));
    }

    [Theory]
    [InlineData("""{"runs":[],"keys":["m"]}""", "runs")]
    [InlineData("""{"runs":["00000000000000000000000000000000"],"keys":[]}""", "keys")]
    [InlineData("""{"runs":["00000000000000000000000000000000"],"keys":["m"],"buckets":0}""", "buckets")]
    [InlineData("""{"runs":["00000000000000000000000000000000"],"keys":[null]}""", "keys[0]")]
    public async Task What_cannot_be_drawn_is_refused_by_name(string body, string field)
    {
        using var answer = await server.PostAsync("/api/v1/series", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"field\":\"{field}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task WriteAsync(string run, string key, int count)
    {
        var points = Enumerable.Range(0, count).Select(i => $$"""{"key":"{{key}}","step":{{i}},"time":{{1000 + i}},"value":{{(i == 1 ? "\"NaN\"" : $"{i}.5")}}}""");
        using var answer = await server.PostAsync($"/api/v1/runs/{run}/updates", $$"""{"points":[{{string.Join(',', points)}}]}""");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private async Task<List<Drawn>> DrawAsync(string body)
    {
        using var answer = await server.PostAsync("/api/v1/series", body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var found = new List<Drawn>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
            var head = JsonDocument.Parse(bytes.AsMemory(at + 4, length)).RootElement;
            at += 4 + length;
            Assert.Equal(0, at % 8);
            var points = head.GetProperty("points").GetInt32();
            var columns = new List<double[]>();
            for (var i = 0; i < (head.GetProperty("times").GetBoolean() ? 3 : 2); i++)
            {
                columns.Add([.. Enumerable.Range(0, points).Select(one => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(at + (one * 8))))]);
                at += points * 8;
            }

            found.Add(new Drawn(head.GetProperty("run").GetString()!, head.GetProperty("key").GetString()!, head.GetProperty("count").GetInt64(), columns));
        }

        return found;
    }

    private sealed record Drawn(string Run, string Key, long Count, List<double[]> Columns);
}
