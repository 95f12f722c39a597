using Cairn.Core;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class StorageEndpoints
{
    public static async Task Get(HttpContext http, ServerFacts facts)
    {
        var uses = await http.RequestServices.GetRequiredService<IFileStore>().MeasureAsync(http.RequestAborted);
        var deleted = await http.RequestServices.GetRequiredService<IRunStore>()
            .ReadColumnsAsync(new RunQuery([], LifecycleFilter.Deleted, null, [], int.MaxValue, 0), [], http.RequestAborted);
        await http.WriteJsonAsync(new Wire.StorageInfo(
            [.. uses.Select(use => new Wire.StorageUse(use.Kind, use.Count, use.Bytes))],
            FreeBytes(facts.DataFolder),
            deleted.Runs.Count));
    }

    private static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
