using System.Text.Json;
using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Migration;

/// <summary>What an export wrote.</summary>
/// <param name="Experiments">Experiments.</param>
/// <param name="Runs">Runs.</param>
/// <param name="Files">Contents that were fetched.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Things">Artifacts, models, traces and others.</param>
public sealed record ExportReport(int Experiments, int Runs, int Files, long Bytes, int Things = 0);

/// <summary>
/// Writes everything that a server holds into a folder that <see cref="ExportFolder"/> reads. The same runs make the
/// same bytes, so two exports can be compared file by file; content that is there already is not fetched again.
/// </summary>
public sealed class RunExport(CairnClient client, string folder, IProgress<ImportProgress>? progress)
{
    private const int Attempts = 5;

    public async Task<ExportReport> RunAsync(CancellationToken cancellation)
    {
        var runFolder = Directory.CreateDirectory(Path.Combine(folder, "runs")).FullName;
        var fileFolder = Directory.CreateDirectory(Path.Combine(folder, "files")).FullName;
        var experiments = await client.ExportExperimentsAsync(cancellation);
        var ids = new List<string>();
        await foreach (var row in client.EnumerateRunsAsync(new RunQuery { State = "all", Limit = 1000 }, cancellation))
        {
            ids.Add(IsName(row.Run.Id, 32));
        }

        var (files, bytes) = (0, 0L);
        for (var i = 0; i < ids.Count; i++)
        {
            var path = Path.Combine(runFolder, $"{ids[i]}.json");
            var run = await WriteRunAsync(ids[i], $"{path}.part", cancellation);
            foreach (var file in run.Files ?? [])
            {
                var target = ContentFile(fileFolder, file.Digest);
                if (!File.Exists(target))
                {
                    await client.DownloadRunFileAsync(run.Id, new RunFileInfo(file.Path, file.Size, file.Digest, 0), target, cancellation: cancellation);
                    files++;
                    bytes += file.Size;
                }
            }

            File.Move($"{path}.part", path, overwrite: true);
            progress?.Report(new ImportProgress(i + 1, ids.Count, null));
        }

        var (things, more) = await WriteThingsAsync(fileFolder, cancellation);
        foreach (var (size, _) in more)
        {
            files++;
            bytes += size;
        }

        // Last: a folder that has it is whole.
        await WriteAsync(
            Path.Combine(folder, "experiments.json"),
            JsonSerializer.SerializeToUtf8Bytes(new ImportRequest(experiments), CairnJson.Default.ImportRequest),
            cancellation);
        return new ExportReport(experiments.Count, ids.Count, files, bytes, things);
    }

    /// <summary>Brings the run into the file as it is sent; again from the start where the connection breaks.</summary>
    private async Task<ExportedFiles> WriteRunAsync(string id, string path, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
                await using (var content = await client.OpenRunExportAsync(id, cancellation))
                {
                    await content.CopyToAsync(file, cancellation);
                }

                file.Position = 0;
                return await JsonSerializer.DeserializeAsync(file, CairnJson.Default.ExportedFiles, cancellation)
                    ?? throw new MigrationException($"The server sent nothing for run {id}.");
            }
            catch (Exception broken) when (broken is HttpIOException or HttpRequestException && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromSeconds(attempt), cancellation);
            }
        }
    }

    private async Task<(int Things, IReadOnlyList<(long Size, string Digest)> Fetched)> WriteThingsAsync(string fileFolder, CancellationToken cancellation)
    {
        var (things, fetched) = (0, new List<(long, string)>());
        foreach (var kind in ThingKinds.All)
        {
            var path = Path.Combine(folder, $"{kind}.jsonl");
            var (draft, count) = ($"{path}.part", 0);
            await using (var file = new StreamWriter(draft) { NewLine = "\n" })
            {
                string? next = null;
                do
                {
                    var page = await client.ExportThingsAsync(kind, next, cancellation);
                    foreach (var digest in page.Contents.Where(digest => !File.Exists(ContentFile(fileFolder, digest))))
                    {
                        fetched.Add((await FetchAsync(digest, ContentFile(fileFolder, digest), cancellation), digest));
                    }

                    foreach (var thing in page.Things)
                    {
                        await file.WriteLineAsync(thing.GetRawText().AsMemory(), cancellation);
                    }

                    count += page.Things.Count;
                    next = page.Next;
                }
                while (next is not null);
            }

            Settle(draft, path, count > 0);
            things += count;
        }

        var others = await client.ListServerFilesAsync(cancellation);
        foreach (var file in others.Where(file => !File.Exists(ContentFile(fileFolder, file.Digest))))
        {
            await client.DownloadServerFileAsync(file, ContentFile(fileFolder, file.Digest), cancellation);
            fetched.Add((file.Size, file.Digest));
        }

        var list = new RunFileList([.. others.Select(file => file with { UpdatedAt = 0 })]);
        var target = Path.Combine(folder, "files.json");
        await File.WriteAllBytesAsync($"{target}.part", JsonSerializer.SerializeToUtf8Bytes(list, CairnJson.Default.RunFileList), cancellation);
        Settle($"{target}.part", target, others.Count > 0);
        return (things, fetched);
    }

    private async Task<long> FetchAsync(string digest, string target, CancellationToken cancellation)
    {
        var draft = $"{target}.part";
        long length;
        await using (var content = await client.OpenBlobAsync(digest, cancellation))
        await using (var file = File.Create(draft))
        {
            await content.CopyToAsync(file, cancellation);
            length = file.Length;
            file.Position = 0;
            var actual = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(file, cancellation));
            if (actual != digest)
            {
                throw new MigrationException($"The server sent {actual} for the content {digest}. Try again; if it stays so, its copy is damaged.");
            }
        }

        File.Move(draft, target, overwrite: true);
        return length;
    }

    private static string ContentFile(string folder, string digest) => Path.Combine(folder, IsName(digest, 64));

    /// <summary>What the server says becomes the name of a file here, so it is looked at first.</summary>
    private static string IsName(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigitLower)
        ? text
        : throw new MigrationException($"The server names '{text}', which is not {length} hexadecimal digits.");

    // What there is none of has no file, also where an export before had some.
    private static void Settle(string draft, string target, bool isAny)
    {
        if (isAny)
        {
            File.Move(draft, target, overwrite: true);
            return;
        }

        File.Delete(draft);
        File.Delete(target);
    }

    private static async Task WriteAsync(string path, byte[] content, CancellationToken cancellation)
    {
        var draft = $"{path}.part";
        await File.WriteAllBytesAsync(draft, content, cancellation);
        File.Move(draft, path, overwrite: true);
    }
}
