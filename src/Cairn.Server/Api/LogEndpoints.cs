using Cairn.Core.Runs;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class LogEndpoints
{
    private const int LargestPage = 10_000;

    public static async Task Get(HttpContext http)
    {
        var run = Bind.RunId(http);
        var store = http.RequestServices.GetRequiredService<IRunStore>();
        var limit = (int)Bind.Number(http, "limit", missing: 1000, least: 0, LargestPage);
        var after = Bind.Number(http, "after", missing: -1, least: -1, long.MaxValue);
        if (Bind.Number(http, "tail", missing: 0, least: 0, LargestPage) is > 0 and var tail)
        {
            after = (await store.ReadLogsAsync(run, long.MaxValue, limit: 0, http.RequestAborted)).Total - tail - 1;
            limit = (int)tail;
        }

        var page = await store.ReadLogsAsync(run, after, limit, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.LogPage(
            [.. page.Lines.Select(line => new Wire.LogLine(line.Line, line.Text, line.IsError ? "stderr" : "stdout", line.Time))],
            page.Total));
    }
}
