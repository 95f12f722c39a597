using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Cairn.Bench;

/// <summary>The published binary as a process of its own, on a folder of its own.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process process;

    private ServerProcess(Process process, Uri address, string data)
    {
        this.process = process;
        Address = address;
        Data = data;
    }

    public Uri Address { get; }

    public string Data { get; }

    /// <summary>Resident memory in MiB now, and the most it ever was.</summary>
    public (double Now, double Most) Memory
    {
        get
        {
            var lines = File.ReadAllLines($"/proc/{process.Id}/status");
            double Read(string name) =>
                double.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
            return (Read("VmRSS"), Read("VmHWM"));
        }
    }

    /// <summary>Processor seconds used so far.</summary>
    public double ProcessorSeconds
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime.TotalSeconds;
        }
    }

    public static async Task<(ServerProcess Server, TimeSpan FirstAnswer)> StartAsync(string binary, string data, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}");
        var start = new ProcessStartInfo(binary) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "server", "--data", data, "--listen", address.Authority })
        {
            start.ArgumentList.Add(argument);
        }

        var clock = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var request = "GET /api/v1/experiments HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();
        while (true)
        {
            try
            {
                using var connection = new RawConnection(address);
                var (status, _) = await connection.SendAsync(request, cancellationToken);
                return status == 200
                    ? (new ServerProcess(process, address, data), clock.Elapsed)
                    : throw new InvalidOperationException($"The first answer of the server is {status}.");
            }
            catch (SocketException) when (!process.HasExited && clock.Elapsed < TimeSpan.FromSeconds(20))
            {
                await Task.Delay(1, cancellationToken);
            }
        }
    }

    public void Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        process.WaitForExit(TimeSpan.FromSeconds(30));
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
