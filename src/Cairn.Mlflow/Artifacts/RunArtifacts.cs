using Cairn.Core;
using Cairn.Core.Blobs;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Mlflow.Runs;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Artifacts;

/// <summary>The files of a run by its id: what MLflow calls its artifacts.</summary>
internal sealed class RunArtifacts(IRunStore runs, FileTree files, ArtifactRoots roots)
{
    private const int LargestPosted = 10 * 1024 * 1024;

    public async Task ListAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var id = fields.RunId();
        var folder = RelativePath.NormalizeFolder(fields.Text("path"));
        var run = await FindAsync(id, context.RequestAborted);

        var listing = new FolderListing();
        listing.Add(await files.ListFolderAsync(FileOwner.Of(run.Id), folder, context.RequestAborted));
        var root = await roots.OfAsync(run, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, (listing, folder, root), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WriteString("root_uri"u8, state.root);
            state.listing.Write(writer, state.folder.Length == 0 ? "" : state.folder + "/");
            writer.WriteEndObject();
        });
    }

    public async Task GetAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var path = RelativePath.Normalize(fields.RequiredText("path"));
        var run = await FindAsync(fields.RunId(), context.RequestAborted);
        await Download.SendAsync(context, files, FileOwner.Of(run.Id), path);
    }

    /// <summary>A small file sent by a web page, in one piece.</summary>
    public async Task PostAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var id = Required(query, "run_uuid");
        var path = RelativePath.Normalize(Required(query, "path"));
        if (context.Request.ContentLength > LargestPosted)
        {
            throw CairnException.Invalid("data", "Artifact size is too large. Max size is 10MB.");
        }

        using var body = await RequestBody.ReadAsync(context.Request, LargestPosted, context.RequestAborted);
        if (body.Bytes.IsEmpty)
        {
            throw CairnException.Invalid("data", "Request must specify data.");
        }

        var run = await FindAsync(id, context.RequestAborted);
        using var content = new MemoryStream(body.Bytes.ToArray(), writable: false);
        await files.PutAsync(FileOwner.Of(run.Id), path, content, expected: null, length: null, context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    private async Task<Run> FindAsync(string id, CancellationToken cancellationToken)
    {
        var found = await runs.FindRunsAsync([RunId.Parse(id)], cancellationToken);
        return found.Count > 0 ? found[0] : throw CairnException.NotFound($"Run with id={id} not found");
    }

    private static string Required(IQueryCollection query, string name) =>
        query[name] is [{ Length: > 0 } value, ..] ? value : throw CairnException.Invalid(name, $"Request must specify {name}.");
}
