using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.EndToEnd.Tests;

/// <summary>kill -9 of the server while a file comes in parts: acknowledged parts stay, the client goes on, and the file is exact.</summary>
public sealed class MultipartCrashTests
{
    private const int Parts = 40;
    private const int PartLength = 512 * 1024;

    [Fact(Timeout = 5 * 60 * 1000)]
    public async Task A_file_in_parts_is_exact_after_kill_9()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("cairn-parts-crash-").FullName;
        using var server = new ServerProcess(folder);
        await server.StartAsync(cancellation);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = ServerProcess.Limit };
        var content = RandomNumberGenerator.GetBytes(Parts * PartLength);
        const string mpu = "/api/2.0/mlflow-artifacts/mpu/";
        var create = await PostAsync(http, mpu + "create/folder", new JsonObject { ["path"] = "big.bin", ["num_parts"] = Parts }, cancellation);

        var sending = SendAsync(http, create, content, cancellation);
        for (var kill = 0; kill < 5; kill++)
        {
            await Task.Delay(RandomNumberGenerator.GetInt32(20, 200), cancellation);
            await server.KillAsync(cancellation);
            await server.StartAsync(cancellation);
        }

        var complete = new JsonObject { ["path"] = "big.bin", ["upload_id"] = (string)create["upload_id"]!, ["parts"] = await sending };
        var completing = PostAsync(http, mpu + "complete/folder", complete, cancellation);
        await Task.Delay(RandomNumberGenerator.GetInt32(0, 60), cancellation);
        await server.KillAsync(cancellation);
        await server.StartAsync(cancellation);
        await completing;
        Assert.Equal(content, await http.GetByteArrayAsync(new Uri("/api/2.0/mlflow-artifacts/artifacts/folder/big.bin", UriKind.Relative), cancellation));
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<JsonArray> SendAsync(HttpClient http, JsonNode create, byte[] content, CancellationToken cancellation)
    {
        var parts = new JsonArray();
        foreach (var credential in (JsonArray)create["credentials"]!)
        {
            var number = (int)credential!["part_number"]!;
            var etag = await UntilAnsweredAsync(
                async () =>
                {
                    using var answer = await http.PutAsync((string)credential["url"]!, new ByteArrayContent(content, (number - 1) * PartLength, PartLength), cancellation);
                    answer.EnsureSuccessStatusCode();
                    return answer.Headers.ETag!.Tag;
                },
                cancellation);
            parts.Add(new JsonObject { ["part_number"] = number, ["etag"] = etag });
        }

        return parts;
    }

    private static Task<JsonNode> PostAsync(HttpClient http, string path, JsonObject body, CancellationToken cancellation) => UntilAnsweredAsync(
        async () =>
        {
            using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{(int)answer.StatusCode}: {text}");
        },
        cancellation);

    /// <summary>Asks until it is answered, as clients do.</summary>
    private static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (HttpRequestException fault) when (fault.StatusCode is null)
            {
                await Task.Delay(20, cancellation);
            }
        }
    }
}
