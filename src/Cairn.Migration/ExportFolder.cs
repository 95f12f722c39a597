using System.Runtime.CompilerServices;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Migration;

/// <summary>
/// A folder that <see cref="RunExport"/> wrote: <c>experiments.json</c>, <c>runs/ID.json</c>, a file of JSON lines for each
/// of <see cref="ThingKinds"/> that there are, <c>files.json</c> with what belongs to no run, and, named by their SHA-256, the
/// contents of files in <c>files</c>.
/// </summary>
public sealed class ExportFolder : IRunSource
{
    private readonly string root;
    private readonly string[] runs;

    /// <exception cref="MigrationException">It is no such folder.</exception>
    public ExportFolder(string folder)
    {
        root = Path.GetFullPath(folder);
        if (!File.Exists(Path.Combine(root, "experiments.json")))
        {
            throw new MigrationException($"{root} is no export of Cairn: it has no experiments.json. To import from MLflow, say: cairn import mlflow {folder}");
        }

        runs = Directory.Exists(Path.Combine(root, "runs")) ? [.. Directory.EnumerateFiles(Path.Combine(root, "runs"), "*.json").Order(StringComparer.Ordinal)] : [];
    }

    public async Task<IReadOnlyList<ImportExperiment>> ReadExperimentsAsync(CancellationToken cancellation)
    {
        var path = Path.Combine(root, "experiments.json");
        try
        {
            await using var file = File.OpenRead(path);
            return (await JsonSerializer.DeserializeAsync(file, CairnJson.Default.ImportRequest, cancellation))?.Experiments ?? [];
        }
        catch (JsonException fault)
        {
            throw new MigrationException($"{path} is damaged: {fault.Message}", fault);
        }
    }

    public Task<int> CountRunsAsync(CancellationToken cancellation) => Task.FromResult(runs.Length);

    public async IAsyncEnumerable<SourceRun> ReadRunsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var path in runs)
        {
            ImportRun? run;
            try
            {
                await using var file = File.OpenRead(path);
                run = await JsonSerializer.DeserializeAsync(file, CairnJson.Default.ImportRun, cancellation);
            }
            catch (JsonException fault)
            {
                throw new MigrationException($"{path} is damaged: {fault.Message}", fault);
            }

            yield return new ExportedRun(run ?? throw new MigrationException($"{path} is empty."), root);
        }
    }

    public async IAsyncEnumerable<SourceThing> ReadThingsAsync(
        string kind,
        Func<string, Task<IReadOnlyList<RunFileInfo>>> filesOf,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var path = Path.Combine(root, $"{kind}.jsonl");
        if (!File.Exists(path))
        {
            yield break;
        }

        var number = 0;
        await foreach (var line in File.ReadLinesAsync(path, cancellation))
        {
            number++;
            JsonElement thing;
            try
            {
                thing = JsonElement.Parse(line);
            }
            catch (JsonException fault)
            {
                throw new MigrationException($"{path} is damaged in line {number}: {fault.Message}", fault);
            }

            var contents = new HashSet<string>(StringComparer.Ordinal);
            Collect(thing, contents);
            yield return new SourceThing($"{path}, line {number}", thing, [.. contents.Select(digest => Path.Combine(root, "files", digest)).Where(File.Exists)]);
        }
    }

    public async IAsyncEnumerable<(string Path, string LocalFile)> ReadServerFilesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var path = Path.Combine(root, "files.json");
        if (!File.Exists(path))
        {
            yield break;
        }

        RunFileList? list;
        try
        {
            await using var file = File.OpenRead(path);
            list = await JsonSerializer.DeserializeAsync(file, CairnJson.Default.RunFileList, cancellation);
        }
        catch (JsonException fault)
        {
            throw new MigrationException($"{path} is damaged: {fault.Message}", fault);
        }

        foreach (var file in list?.Files ?? [])
        {
            yield return (file.Path, LocalFile(root, file.Digest, $"{path} names the content of '{file.Path}'"));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void Collect(JsonElement value, HashSet<string> digests)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    if (member.Value.ValueKind == JsonValueKind.String && member.Name is "digest" or "manifest" && IsDigest(member.Value.GetString()!))
                    {
                        digests.Add(member.Value.GetString()!);
                    }

                    Collect(member.Value, digests);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Collect(item, digests);
                }

                break;
        }
    }

    private static bool IsDigest(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    private static string LocalFile(string root, string digest, string what)
    {
        var path = IsDigest(digest) ? Path.Combine(root, "files", digest) : throw new MigrationException($"{what}, '{digest}', which is no SHA-256.");
        return File.Exists(path) ? path : throw new MigrationException($"{what}, {digest}, which the folder 'files' lacks.");
    }

    private sealed class ExportedRun(ImportRun run, string root) : SourceRun
    {
        public override ImportRun Run => run with { Series = null };

        public override Task<IReadOnlyList<ImportSeries>> ReadSeriesAsync(CancellationToken cancellation) => Task.FromResult(run.Series ?? []);

        public override Task<IReadOnlyList<(string Path, string LocalFile)>> ReadFilesAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<(string, string)>>([.. (run.Files ?? []).Select(file => (file.Path, LocalFile(file)))]);

        private string LocalFile(ImportFile file) =>
            ExportFolder.LocalFile(root, file.Digest, $"{Path.Combine(root, "runs", run.Id)}.json names the content of '{file.Path}'");
    }
}
