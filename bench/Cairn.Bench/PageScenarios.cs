using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Cairn.Bench;

/// <summary>
/// How quick the pages are in a real browser on <see cref="PageStore"/>. The clocks are in <c>ui/e2e/measure.mjs</c>; set
/// <c>CAIRN_BENCH_PAGES</c> to a folder to keep the store between measurements.
/// </summary>
internal static class PageScenarios
{
    public static async Task RunAsync(string binary, string work, Report report)
    {
        var pages = FindPages();
        if (pages is null || !Directory.Exists(Path.Combine(pages, "node_modules", "playwright-core")))
        {
            Console.WriteLine("  ui: left out; it needs the repository's ui/ folder after 'npm ci', Node and Chromium");
            return;
        }

        var folder = Environment.GetEnvironmentVariable("CAIRN_BENCH_PAGES") is { Length: > 0 } kept ? kept : Path.Combine(work, "pages");
        if (!File.Exists(Path.Combine(folder, "cairn.db")))
        {
            await PageStore.MakeAsync(folder);
        }

        var (server, _) = await ServerProcess.StartAsync(binary, folder, CancellationToken.None);
        using (server)
        {
            foreach (var figure in await MeasureAsync(pages, server.Address))
            {
                report.AtMost(
                    figure.GetProperty("name").GetString()!,
                    figure.GetProperty("value").GetDouble(),
                    figure.GetProperty("unit").GetString()!,
                    figure.GetProperty("goal").GetDouble(),
                    figure.GetProperty("remark").GetString()!);
            }

            report.Note("  resident memory of the server meanwhile", server.Memory.Most, "MiB");
            server.Stop();
        }
    }

    private static async Task<List<JsonElement>> MeasureAsync(string pages, Uri address)
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = pages, RedirectStandardOutput = true };
        foreach (var argument in new[] { "e2e/measure.mjs", "--base", address.GetLeftPart(UriPartial.Authority), "--json" })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The measurement in the browser ended with {process.ExitCode}."));
        }

        using var document = JsonDocument.Parse(text);
        return [.. document.RootElement.EnumerateArray().Select(figure => figure.Clone())];
    }

    private static string? FindPages()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ui", "e2e", "measure.mjs")))
            {
                return Path.Combine(folder.FullName, "ui");
            }
        }

        return null;
    }
}
