using Cairn.Core;
using Cairn.Core.Blobs;
using Cairn.Core.Files;
using Cairn.Mlflow.Artifacts;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.LoggedModels;

/// <summary>The files of a logged model by its id. Clients write them through the artifact proxy.</summary>
internal sealed class LoggedModelFiles(LoggedModelEndpoints models, FileTree files)
{
    public async Task ListAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var folder = RelativePath.NormalizeFolder(fields.Text("artifact_directory_path"));
        var (uri, owner, root) = await LocateAsync(context);
        var listing = new FolderListing();
        var path = folder.Length == 0 ? root : $"{root}/{folder}";
        listing.Add(await files.ListFolderAsync(owner, path, context.RequestAborted));
        await JsonAnswer.WriteAsync(context, (listing, folder, uri), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WriteString("root_uri"u8, state.uri);
            state.listing.Write(writer, state.folder.Length == 0 ? "" : state.folder + "/");
            writer.WriteEndObject();
        });
    }

    public async Task GetAsync(HttpContext context)
    {
        var name = context.Request.Query["artifact_file_path"] is [{ Length: > 0 } text, ..]
            ? text
            : throw new MlflowException("BAD_REQUEST", 400, "Request must include the \"artifact_file_path\" query parameter.");
        var path = RelativePath.Normalize(name);
        var (_, owner, root) = await LocateAsync(context);
        await Download.SendAsync(context, files, owner, $"{root}/{path}");
    }

    private async Task<(string Uri, FileOwner Owner, string Root)> LocateAsync(HttpContext context)
    {
        var view = await models.ViewAsync(await models.FindAsync(context), context.RequestAborted);
        return files.Locate(view.ArtifactUri) is var (owner, root)
            ? (view.ArtifactUri, owner, root)
            : throw CairnException.Invalid(
                "model_id",
                $"The files of the logged model '{view.Model.Id}' are at {view.ArtifactUri}, which this server does not read. Read them there.");
    }
}
