using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Migration;

/// <summary>Brings the things of a source into a server that has its runs: contents first, then what needs them, in order of kinds.</summary>
internal sealed class ThingImport(CairnClient client, IRunSource source, IReadOnlyDictionary<string, string> numbers)
{
    private const int ThingsPerRequest = 50;
    private const int BytesPerRequest = 8 << 20;

    private readonly Dictionary<string, string> moved = numbers.Where(pair => pair.Key != pair.Value).ToDictionary(StringComparer.Ordinal);
    private readonly HashSet<string> sent = new(StringComparer.Ordinal);

    public int Added { get; private set; }

    public int Known { get; private set; }

    public int Files { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        await SendFilesAsync(cancellation);
        foreach (var kind in ThingKinds.All)
        {
            var batch = new List<SourceThing>();
            var bytes = 0;
            await foreach (var thing in source.ReadThingsAsync(kind, run => client.ListRunFilesAsync(run, cancellation), cancellation))
            {
                foreach (var content in thing.Contents.Where(sent.Add))
                {
                    await client.PutBlobAsync(content, cancellation);
                }

                batch.Add(thing);
                bytes += thing.Json.GetRawText().Length;
                if (batch.Count >= ThingsPerRequest || bytes >= BytesPerRequest)
                {
                    await SendAsync(kind, batch, cancellation);
                    (bytes, batch) = (0, []);
                }
            }

            await SendAsync(kind, batch, cancellation);
        }
    }

    private async Task SendFilesAsync(CancellationToken cancellation)
    {
        Dictionary<string, RunFileInfo>? there = null;
        await foreach (var (path, local) in source.ReadServerFilesAsync(cancellation))
        {
            there ??= (await client.ListServerFilesAsync(cancellation)).ToDictionary(file => file.Path, StringComparer.Ordinal);
            var target = Moved(path);
            if (!there.TryGetValue(target, out var same) || same.Size != new FileInfo(local).Length)
            {
                await client.PutServerFileAsync(target, local, cancellation);
                Files++;
            }
        }
    }

    // Below the number of an experiment lies what is its own.
    private string Moved(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && moved.TryGetValue(path[..slash], out var number) ? number + path[slash..] : path;
    }

    private async Task SendAsync(string kind, List<SourceThing> things, CancellationToken cancellation)
    {
        if (things.Count == 0)
        {
            return;
        }

        try
        {
            var answer = await client.ImportThingsAsync(kind, new ImportThings([.. things.Select(thing => thing.Json)], moved.Count > 0 ? moved : null), cancellation);
            Added += answer.Added;
            Known += answer.Known;
        }
        catch (CairnClientException refusal) when (refusal.Status is System.Net.HttpStatusCode.BadRequest or System.Net.HttpStatusCode.Conflict or System.Net.HttpStatusCode.PreconditionFailed)
        {
            throw new MigrationException($"{Place(things, refusal)}: {refusal.Message}", refusal);
        }
    }

    private static string Place(List<SourceThing> things, CairnClientException refusal) =>
        things.Count == 1 ? things[0].At
        : refusal.Field is { } field && field.StartsWith("things[", StringComparison.Ordinal)
            && int.TryParse(field.AsSpan(7, field.IndexOf(']', StringComparison.Ordinal) - 7), out var index) && index < things.Count ? things[index].At
        : $"{things[0].At} to {things[^1].At}";
}
