namespace Cairn.Projects.Sources;

/// <summary>Files of the web, for this machine.</summary>
internal static class WebFile
{
    /// <exception cref="ProjectException">It cannot be fetched, or is too large.</exception>
    public static async Task DownloadAsync(Uri address, string file, long mostBytes, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                throw new ProjectException($"'{address.GetLeftPart(UriPartial.Path)}' could not be fetched: the server answers {(int)answer.StatusCode} {answer.ReasonPhrase}.");
            }

            await using var source = await answer.Content.ReadAsStreamAsync(cancellation);
            await using var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            var buffer = new byte[128 * 1024];
            long total = 0;
            while (await source.ReadAsync(buffer, cancellation) is > 0 and var count)
            {
                total += count;
                if (total > mostBytes)
                {
                    throw new ProjectException($"'{address.GetLeftPart(UriPartial.Path)}' has more than {mostBytes >> 20} MiB.");
                }

                await target.WriteAsync(buffer.AsMemory(0, count), cancellation);
            }
        }
        catch (HttpRequestException fault)
        {
            throw new ProjectException($"'{address.GetLeftPart(UriPartial.Path)}' could not be fetched: {fault.Message}", fault);
        }
    }
}
