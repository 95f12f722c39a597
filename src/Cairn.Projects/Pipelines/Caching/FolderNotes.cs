using System.Text;
using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Projects.Pipelines.Caching;

/// <summary>What is remembered of a component's folder around a run in it.</summary>
internal sealed class FolderNotes(CairnClient client)
{
    /// <summary>One of the listings that are kept with a run.</summary>
    /// <exception cref="CairnClientException">It is not there, or the server cannot be reached.</exception>
    public async Task<string> ReadAsync(string run, string file, CancellationToken cancellation)
    {
        await using var stream = await client.OpenRunFileAsync(run, file, cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation);
    }

    /// <summary>Before the command: the code, and what other steps have left for it to read.</summary>
    public async Task BeginAsync(string run, StepFolder folder, CodeDigest code, CancellationToken cancellation)
    {
        await client.PutRunFileAsync(run, StepTags.CodeFile, Encoding.UTF8.GetBytes(code.Listing), cancellation: cancellation);
        if (folder.Left(code) is { Count: > 0 } left)
        {
            await client.PutRunFileAsync(run, StepTags.LeftFile, Encoding.UTF8.GetBytes(CodeDigest.ListingOf(left)), cancellation: cancellation);
            await client.UpdateRunAsync(run, new RunUpdate(Tags: new Dictionary<string, string?>(StringComparer.Ordinal) { [StepTags.Left] = "true" }), cancellation);
        }
    }

    /// <summary>After it: what it wrote, so that it is not taken for code the next time, and what it did not read.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="key">Hash of its key.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="code">The code it began with.</param>
    /// <param name="left">What other steps had left then.</param>
    /// <param name="unopened">What lay there then and was not opened.</param>
    /// <param name="cancellation">Ends the noting.</param>
    public async Task EndAsync(
        string run, string key, StepFolder folder, CodeDigest code, IReadOnlyList<KeyValuePair<string, string>> left, IReadOnlySet<string> unopened, CancellationToken cancellation)
    {
        var made = await folder.Products.NoteAsync(folder.Path, code, folder.Step, cancellation);
        if (made.Count > 0)
        {
            await client.PutRunFileAsync(run, StepTags.MadeFile, Encoding.UTF8.GetBytes(CodeDigest.ListingOf(made)), cancellation: cancellation);
        }

        await UnreadFiles.Of(client.Options.CacheFolder, folder.Path).NoteAsync(run, key, folder.Path, code, unopened, cancellation);
        if (left.Any(file => unopened.Contains(file.Key)))
        {
            await client.PutRunFileAsync(run, StepTags.LeftFile, Encoding.UTF8.GetBytes(StepFolder.ListingOf(left, unopened)), cancellation: cancellation);
        }
    }
}
