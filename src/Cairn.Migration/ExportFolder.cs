using System.Runtime.CompilerServices;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Migration;

/// <summary>
/// A folder that <see cref="RunExport"/> wrote: <c>experiments.json</c>, <c>runs/ID.json</c> and, named by their SHA-256,
/// the contents of files in <c>files</c>.
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
        await using var file = File.OpenRead(Path.Combine(root, "experiments.json"));
        return (await JsonSerializer.DeserializeAsync(file, CairnJson.Default.ImportRequest, cancellation))?.Experiments ?? [];
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

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class ExportedRun(ImportRun run, string root) : SourceRun
    {
        public override ImportRun Run => run with { Series = null };

        public override Task<IReadOnlyList<ImportSeries>> ReadSeriesAsync(CancellationToken cancellation) => Task.FromResult(run.Series ?? []);

        public override Task<IReadOnlyList<(string Path, string LocalFile)>> ReadFilesAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<(string, string)>>([.. (run.Files ?? []).Select(file => (file.Path, LocalFile(file)))]);

        private string LocalFile(ImportFile file) => file.Digest.Length == 64 && file.Digest.All(char.IsAsciiHexDigitLower)
            ? Path.Combine(root, "files", file.Digest)
            : throw new MigrationException($"Run {run.Id} names the content '{file.Digest}' of '{file.Path}', which is no SHA-256.");
    }
}
