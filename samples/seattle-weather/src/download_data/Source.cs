namespace SeattleWeather.DownloadData;

/// <summary>Gets the raw file, from this machine or from the web.</summary>
internal static class Source
{
    private const long MostBytes = 100 << 20;

    /// <summary>The path of the file on this machine; a download is written to <paramref name="target"/>.</summary>
    public static async Task<string> FetchAsync(string file, string target, CancellationToken cancellation)
    {
        if (Uri.TryCreate(file, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            await DownloadAsync(uri, target, cancellation);
            return target;
        }

        return Find(file, Directory.GetCurrentDirectory())
            ?? throw new StopException($"There is no file '{file}', neither in {Directory.GetCurrentDirectory()} nor in a folder above it. Give -P file= a path or an http(s) address.");
    }

    /// <summary>
    /// Looks for the file in a folder and then in those above it: a component runs in its own folder, but people name the
    /// file as they see it from the folder of the pipeline.
    /// </summary>
    internal static string? Find(string file, string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, file);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    private static async Task DownloadAsync(Uri uri, string target, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        try
        {
            using var answer = await http.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                throw new StopException($"{uri} answered {(int)answer.StatusCode} {answer.ReasonPhrase}.");
            }

            await using var from = await answer.Content.ReadAsStreamAsync(cancellation);
            await using var to = File.Create(target);
            var buffer = new byte[1 << 16];
            for (int read; (read = await from.ReadAsync(buffer, cancellation)) > 0;)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
                if (to.Length > MostBytes)
                {
                    throw new StopException($"{uri} is larger than {MostBytes >> 20} MiB; this pipeline reads small tables.");
                }
            }
        }
        catch (HttpRequestException fault)
        {
            throw new StopException($"{uri} cannot be fetched: {fault.Message}", fault);
        }
    }
}
