using System.Globalization;
using System.Runtime.CompilerServices;
using Cairn.Client.Wire;

namespace Cairn.Migration.Mlflow;

/// <summary>MLflow's store of plain files, the folder <c>mlruns</c>.</summary>
public sealed partial class MlrunsFolder : IRunSource
{
    private readonly string root;
    private readonly ArtifactPlaces places;
    private readonly List<(string Folder, bool IsDeleted)> experiments = [];
    private readonly Dictionary<string, string> runs = new(StringComparer.Ordinal);

    /// <exception cref="MigrationException">The folder holds no experiment.</exception>
    public MlrunsFolder(string folder, string? artifacts)
    {
        root = Path.GetFullPath(folder);
        places = new ArtifactPlaces(Path.GetDirectoryName(root)!, artifacts);
        Find(root, isDeleted: false);
        Find(Path.Combine(root, ".trash"), isDeleted: true);
        if (experiments.Count == 0)
        {
            throw new MigrationException($"{root} holds no experiments of MLflow (folders with a meta.yaml). Name the folder 'mlruns' itself, or MLflow's database file.");
        }

        foreach (var (experiment, _) in experiments)
        {
            foreach (var run in Directory.EnumerateDirectories(experiment).Where(path => File.Exists(Path.Combine(path, "meta.yaml"))))
            {
                runs[Path.GetFileName(run)] = run;
            }
        }
    }

    public Task<IReadOnlyList<ImportExperiment>> ReadExperimentsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ImportExperiment>>(
        [
            .. experiments.Select(one =>
            {
                var meta = FlatYaml.Read(Path.Combine(one.Folder, "meta.yaml"));
                return new ImportExperiment(
                    ExperimentId(one.Folder, meta),
                    meta.GetValueOrDefault("name") ?? Path.GetFileName(one.Folder),
                    Number(meta, "creation_time") ?? 0,
                    one.IsDeleted || meta.GetValueOrDefault("lifecycle_stage") == "deleted" ? "deleted" : "active",
                    places.KeptLocation(meta.GetValueOrDefault("artifact_location") ?? ""),
                    ReadEntries(Path.Combine(one.Folder, "tags")),
                    Number(meta, "last_update_time"));
            }).OrderBy(one => one.Id, StringComparer.Ordinal),
        ]);

    public Task<int> CountRunsAsync(CancellationToken cancellation) => Task.FromResult(runs.Count);

    public async IAsyncEnumerable<SourceRun> ReadRunsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (id, folder) in runs.OrderBy(run => run.Key, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            var meta = FlatYaml.Read(Path.Combine(folder, "meta.yaml"));
            var run = new MlflowRun
            {
                Id = id,
                ExperimentId = ExperimentId(Path.GetDirectoryName(folder)!, meta),
                Name = meta.GetValueOrDefault("run_name") ?? meta.GetValueOrDefault("name"),
                Status = meta.GetValueOrDefault("status"),
                StartedAt = Number(meta, "start_time") ?? 0,
                EndedAt = Number(meta, "end_time"),
                IsDeleted = meta.GetValueOrDefault("lifecycle_stage") == "deleted",
                User = meta.GetValueOrDefault("user_id"),
            };
            Add(Path.Combine(folder, "params"), run.Params);
            Add(Path.Combine(folder, "tags"), run.Tags);
            AddLinks(folder, run);
            yield return new FolderRun(run.ToImport(runs.ContainsKey), folder, places, meta.GetValueOrDefault("artifact_uri") ?? "");
        }

        await Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Find(string folder, bool isDeleted)
    {
        if (Directory.Exists(folder))
        {
            experiments.AddRange(Directory.EnumerateDirectories(folder)
                .Where(path => Path.GetFileName(path) is not (".trash" or "models") && File.Exists(Path.Combine(path, "meta.yaml")))
                .Select(path => (path, isDeleted)));
        }
    }

    private static string ExperimentId(string folder, Dictionary<string, string?> meta) => meta.GetValueOrDefault("experiment_id") ?? Path.GetFileName(folder);

    private static Dictionary<string, string> ReadEntries(string folder)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(folder, entries);
        return entries;
    }

    /// <summary>A file for each key; a key with slashes is a file in folders.</summary>
    private static void Add(string folder, Dictionary<string, string> entries)
    {
        if (Directory.Exists(folder))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                entries[Path.GetRelativePath(folder, file).Replace('\\', '/')] = File.ReadAllText(file);
            }
        }
    }

    private static long? Number(Dictionary<string, string?> meta, string key) =>
        long.TryParse(meta.GetValueOrDefault(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed class FolderRun(ImportRun run, string folder, ArtifactPlaces places, string address) : SourceRun
    {
        public override ImportRun Run => run;

        public override async Task<IReadOnlyList<ImportSeries>> ReadSeriesAsync(CancellationToken cancellation)
        {
            var series = new SeriesBuilder();
            var metrics = Path.Combine(folder, "metrics");
            string[] files = Directory.Exists(metrics) ? Directory.GetFiles(metrics, "*", SearchOption.AllDirectories) : [];
            foreach (var file in files.Order(StringComparer.Ordinal))
            {
                var key = Path.GetRelativePath(metrics, file).Replace('\\', '/');
                await foreach (var line in File.ReadLinesAsync(file, cancellation))
                {
                    AddPoint(series, key, line, file);
                }
            }

            return series.Build();
        }

        public override Task<IReadOnlyList<(string Path, string LocalFile)>> ReadFilesAsync(CancellationToken cancellation)
        {
            // A folder that was moved has its files in it still, whatever the address says.
            var beside = Path.Combine(folder, "artifacts");
            return Task.FromResult(places.ListFiles(Directory.Exists(beside) ? beside : address));
        }

        private static void AddPoint(SeriesBuilder series, string key, string line, string file)
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0)
            {
                return;
            }

            long step = 0;
            if (parts.Length < 2
                || !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
                || !TryValue(parts[1], out var value)
                || (parts.Length > 2 && !long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out step)))
            {
                throw new MigrationException($"{file} has a line that is no point (time, value, step): '{(line.Length <= 80 ? line : line[..80])}'.");
            }

            series.Add(key, step, time, value);
        }

        public static bool TryValue(string text, out double value)
        {
            value = text switch
            {
                "inf" => double.PositiveInfinity,
                "-inf" => double.NegativeInfinity,
                "nan" => double.NaN,
                _ => 0,
            };
            return text is "inf" or "-inf" or "nan" || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }
    }
}
