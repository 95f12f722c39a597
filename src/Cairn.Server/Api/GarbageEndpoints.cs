using Cairn.Core;
using Cairn.Core.Housekeeping;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class GarbageEndpoints
{
    public static async Task Collect(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.GarbageRequest>();
        if (request.OlderThanMs is < 0 or > 3_155_760_000_000)
        {
            throw CairnException.Invalid("olderThanMs", "'olderThanMs' must be from 0 to 3155760000000 milliseconds (a hundred years).");
        }

        var collector = http.RequestServices.GetRequiredService<GarbageCollector>();
        var report = await collector.CollectAsync(TimeSpan.FromMilliseconds(request.OlderThanMs), request.DryRun, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.GarbageReport(
            report.Experiments, report.Runs, report.Blobs, report.BlobBytes, report.DatabaseBytes, report.IsDryRun, report.Uploads, report.UploadBytes, report.PlainFiles, report.PlainBytes));
    }
}
