using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Migration.Mlflow;

/// <summary>A running MLflow server, read through its REST protocol; files only where it serves them itself.</summary>
public sealed partial class MlflowServer : IRunSource
{
    private const int RunsPerPage = 500;

    private readonly HttpClient http;
    private readonly string temporary = Directory.CreateTempSubdirectory("cairn-import-").FullName;
    private IReadOnlyList<ImportExperiment>? experiments;

    public MlflowServer(Uri address) =>
        http = new HttpClient { BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), Timeout = TimeSpan.FromMinutes(5) };

    public async Task<IReadOnlyList<ImportExperiment>> ReadExperimentsAsync(CancellationToken cancellation)
    {
        var found = new List<ImportExperiment>();
        string? token = null;
        do
        {
            using var page = await PostAsync(
                "api/2.0/mlflow/experiments/search",
                $$"""{"max_results":1000,"view_type":"ALL","order_by":["experiment_id"]{{TokenField(token)}}}""",
                cancellation);
            foreach (var one in Items(page.RootElement, "experiments"))
            {
                var location = Text(one, "artifact_location") ?? "";
                found.Add(new ImportExperiment(
                    Text(one, "experiment_id")!,
                    Text(one, "name")!,
                    Number(one, "creation_time") ?? 0,
                    Text(one, "lifecycle_stage") == "deleted" ? "deleted" : "active",
                    location.StartsWith("mlflow-artifacts:", StringComparison.Ordinal) ? null : location,
                    Pairs(one, "tags"),
                    Number(one, "last_update_time")));
            }

            token = Text(page.RootElement, "next_page_token");
        }
        while (!string.IsNullOrEmpty(token));

        return experiments = found;
    }

    /// <summary>Not known before they are read.</summary>
    public Task<int> CountRunsAsync(CancellationToken cancellation) => Task.FromResult(0);

    public async IAsyncEnumerable<SourceRun> ReadRunsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var experiment in experiments ??= await ReadExperimentsAsync(cancellation))
        {
            string? token = null;
            do
            {
                using var page = await PostAsync(
                    "api/2.0/mlflow/runs/search",
                    $$"""{"experiment_ids":[{{Quoted(experiment.Id)}}],"run_view_type":"ALL","max_results":{{RunsPerPage}}{{TokenField(token)}}}""",
                    cancellation);
                foreach (var one in Items(page.RootElement, "runs"))
                {
                    yield return ReadRun(one);
                }

                token = Text(page.RootElement, "next_page_token");
            }
            while (!string.IsNullOrEmpty(token));
        }
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        Directory.Delete(temporary, recursive: true);
        return ValueTask.CompletedTask;
    }

    private ServerRun ReadRun(JsonElement one)
    {
        var info = one.GetProperty("info");
        var data = one.TryGetProperty("data", out var given) ? given : default;
        var run = new MlflowRun
        {
            Id = Text(info, "run_id") ?? Text(info, "run_uuid")!,
            ExperimentId = Text(info, "experiment_id")!,
            Name = Text(info, "run_name"),
            Status = Text(info, "status"),
            StartedAt = Number(info, "start_time") ?? 0,
            EndedAt = Number(info, "end_time"),
            IsDeleted = Text(info, "lifecycle_stage") == "deleted",
            User = Text(info, "user_id"),
        };
        foreach (var (key, value) in Pairs(data, "params"))
        {
            run.Params[key] = value;
        }

        foreach (var (key, value) in Pairs(data, "tags"))
        {
            run.Tags[key] = value;
        }

        AddLinks(one, run);
        experimentsOfRuns[run.Id] = run.ExperimentId;
        var metrics = Items(data, "metrics").Select(metric => Text(metric, "key")!).ToList();
        return new ServerRun(this, run.ToImport(_ => true), metrics, Text(info, "artifact_uri") ?? "");
    }

    private async Task<IReadOnlyList<ImportSeries>> ReadSeriesAsync(string run, List<string> metrics, CancellationToken cancellation)
    {
        var series = new SeriesBuilder();
        foreach (var key in metrics)
        {
            string? token = null;
            do
            {
                var query = $"run_id={run}&run_uuid={run}&metric_key={Uri.EscapeDataString(key)}&max_results=25000{(token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}")}";
                using var page = await GetAsync($"api/2.0/mlflow/metrics/get-history?{query}", cancellation);
                foreach (var point in Items(page.RootElement, "metrics"))
                {
                    series.Add(key, Number(point, "step") ?? 0, Number(point, "timestamp") ?? 0, Value(point));
                }

                token = Text(page.RootElement, "next_page_token");
            }
            while (!string.IsNullOrEmpty(token));
        }

        return series.Build();
    }

    private async Task<IReadOnlyList<(string Path, string LocalFile)>> ReadFilesAsync(string run, string address, CancellationToken cancellation)
    {
        var files = new List<(string, string)>();
        if (!address.StartsWith("mlflow-artifacts:", StringComparison.Ordinal))
        {
            return files;
        }

        var folders = new Queue<string>([""]);
        while (folders.TryDequeue(out var folder))
        {
            using var page = await GetAsync($"api/2.0/mlflow/artifacts/list?run_id={run}&run_uuid={run}{(folder.Length == 0 ? "" : $"&path={Uri.EscapeDataString(folder)}")}", cancellation);
            foreach (var file in Items(page.RootElement, "files"))
            {
                var path = Text(file, "path")!;
                if (file.TryGetProperty("is_dir", out var isFolder) && isFolder.ValueKind == JsonValueKind.True)
                {
                    folders.Enqueue(path);
                    continue;
                }

                var local = Path.Combine(temporary, Guid.NewGuid().ToString("N"));
                await using var content = await http.GetStreamAsync(new Uri($"get-artifact?run_id={run}&run_uuid={run}&path={Uri.EscapeDataString(path)}", UriKind.Relative), cancellation);
                await using (var target = File.Create(local))
                {
                    await content.CopyToAsync(target, cancellation);
                }

                files.Add((path, local));
            }
        }

        return files;
    }

    private async Task<JsonDocument> PostAsync(string path, string json, CancellationToken cancellation)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await ReadAsync(() => http.PostAsync(new Uri(path, UriKind.Relative), body, cancellation), path, cancellation);
    }

    private Task<JsonDocument> GetAsync(string path, CancellationToken cancellation) =>
        ReadAsync(() => http.GetAsync(new Uri(path, UriKind.Relative), cancellation), path, cancellation);

    private async Task<JsonDocument> ReadAsync(Func<Task<HttpResponseMessage>> send, string path, CancellationToken cancellation)
    {
        try
        {
            using var answer = await send();
            var bytes = await answer.Content.ReadAsByteArrayAsync(cancellation);
            return answer.IsSuccessStatusCode
                ? JsonDocument.Parse(bytes)
                : throw new MigrationException($"{http.BaseAddress}{path.Split('?')[0]} answered {(int)answer.StatusCode}: {Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 200)))}");
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException)
        {
            throw new MigrationException($"{http.BaseAddress} does not answer as a server of MLflow: {fault.Message}", fault);
        }
    }

    private static string TokenField(string? token) => string.IsNullOrEmpty(token) ? "" : $",\"page_token\":{Quoted(token)}";

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : default;

    private static string? Text(JsonElement parent, string name) =>
        !parent.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText()
        : null;

    private static long? Number(JsonElement parent, string name) =>
        long.TryParse(Text(parent, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double Value(JsonElement point) =>
        double.TryParse(Text(point, "value"), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;

    private static Dictionary<string, string> Pairs(JsonElement parent, string name)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in Items(parent, name))
        {
            pairs[Text(pair, "key")!] = Text(pair, "value") ?? "";
        }

        return pairs;
    }

    private sealed class ServerRun(MlflowServer server, ImportRun run, List<string> metrics, string address) : SourceRun
    {
        public override ImportRun Run => run;

        public override Task<IReadOnlyList<ImportSeries>> ReadSeriesAsync(CancellationToken cancellation) => server.ReadSeriesAsync(run.Id, metrics, cancellation);

        public override Task<IReadOnlyList<(string Path, string LocalFile)>> ReadFilesAsync(CancellationToken cancellation) =>
            server.ReadFilesAsync(run.Id, address, cancellation);
    }
}
