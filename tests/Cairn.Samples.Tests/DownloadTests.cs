using System.Net;
using System.Net.Sockets;
using System.Text;
using SeattleWeather;
using SeattleWeather.DownloadData;

namespace Cairn.Samples.Tests;

public sealed class DownloadTests
{
    [Fact]
    public void A_relative_file_is_found_in_the_folder_or_one_above_it()
    {
        using var work = new WorkFolder();
        Directory.CreateDirectory(work["src/download_data"]);
        Directory.CreateDirectory(work["data"]);
        File.WriteAllText(work["data/a.csv"], "date\n");

        Assert.Equal(work["data/a.csv"], Source.Find("data/a.csv", work["src/download_data"]));
        Assert.Equal(work["data/a.csv"], Source.Find(work["data/a.csv"], work["src"]));
        Assert.Null(Source.Find("data/b.csv", work["src/download_data"]));
    }

    [Fact]
    public async Task A_file_that_is_nowhere_is_named() =>
        Assert.Contains("no file 'nowhere.csv'", (await Refused("nowhere.csv")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task An_address_is_downloaded()
    {
        using var work = new WorkFolder();
        var address = await ServeAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\ndate\n");

        Assert.Equal("date\n", await File.ReadAllTextAsync(await Source.FetchAsync(address, work["raw.csv"], TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task An_address_that_answers_with_an_error_is_told()
    {
        var address = await ServeAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Contains("answered 404 Not Found", (await Refused(address)).Message, StringComparison.Ordinal);
    }

    private static Task<StopException> Refused(string file) =>
        Assert.ThrowsAsync<StopException>(() => Source.FetchAsync(file, "unused", TestContext.Current.CancellationToken));

    /// <summary>Answers one request with fixed bytes.</summary>
    private static Task<string> ServeAsync(string answer)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            var request = new byte[4096];
            _ = await stream.ReadAsync(request);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
            client.Client.Shutdown(SocketShutdown.Send);
            listener.Dispose();
        });
        return Task.FromResult($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/data.csv");
    }
}
