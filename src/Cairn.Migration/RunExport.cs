using System.Text.Json;
using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Migration;

/// <summary>What an export wrote.</summary>
public sealed record ExportReport(int Experiments, int Runs, int Files, long Bytes);

/// <summary>
/// Writes all experiments and runs of a server into a folder that <see cref="ExportFolder"/> reads. The same runs make the
/// same bytes, so two exports can be compared file by file; content that is there already is not fetched again.
/// </summary>
public sealed class RunExport(CairnClient client, string folder, IProgress<ImportProgress>? progress)
{
    public async Task<ExportReport> RunAsync(CancellationToken cancellation)
    {
        var runFolder = Directory.CreateDirectory(Path.Combine(folder, "runs")).FullName;
        var fileFolder = Directory.CreateDirectory(Path.Combine(folder, "files")).FullName;
        var experiments = await client.ExportExperimentsAsync(cancellation);
        var ids = new List<string>();
        await foreach (var row in client.EnumerateRunsAsync(new RunQuery { State = "all", Limit = 1000 }, cancellation))
        {
            ids.Add(row.Run.Id);
        }

        var (files, bytes, points) = (0, 0L, 0L);
        for (var i = 0; i < ids.Count; i++)
        {
            var run = await client.ExportRunAsync(ids[i], cancellation);
            foreach (var file in run.Files ?? [])
            {
                var target = Path.Combine(fileFolder, file.Digest);
                if (!File.Exists(target))
                {
                    await client.DownloadRunFileAsync(run.Id, new RunFileInfo(file.Path, file.Size, file.Digest, 0), target, cancellation: cancellation);
                    files++;
                    bytes += file.Size;
                }
            }

            points += run.Series?.Sum(series => series.Steps.Count) ?? 0;
            await WriteAsync(Path.Combine(runFolder, $"{run.Id}.json"), JsonSerializer.SerializeToUtf8Bytes(run, CairnJson.Default.ImportRun), cancellation);
            progress?.Report(new ImportProgress(i + 1, ids.Count, points));
        }

        // Last: a folder that has it is whole.
        await WriteAsync(
            Path.Combine(folder, "experiments.json"),
            JsonSerializer.SerializeToUtf8Bytes(new ImportRequest(experiments), CairnJson.Default.ImportRequest),
            cancellation);
        return new ExportReport(experiments.Count, ids.Count, files, bytes);
    }

    private static async Task WriteAsync(string path, byte[] content, CancellationToken cancellation)
    {
        var draft = $"{path}.part";
        await File.WriteAllBytesAsync(draft, content, cancellation);
        File.Move(draft, path, overwrite: true);
    }
}
