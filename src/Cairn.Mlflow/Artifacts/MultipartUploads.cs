using Cairn.Core.Blobs;
using Cairn.Core.Files;
using Cairn.Core.Uploads;
using Cairn.Mlflow.Registry;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Artifacts;

/// <summary>
/// Files in parts. MLflow made this for object stores: the server hands out an address for each part, the client puts the
/// parts there by itself and then names what it was answered for each. Here the addresses are this server's own.
/// </summary>
internal sealed class MultipartUploads(FileTree files, ProxyPaths paths, PartedUploads uploads, UploadLinks links)
{
    private const string Route = "/mlflow-artifacts/mpu/";

    /// <summary>Begins an upload: <c>{path, num_parts}</c> → <c>{upload_id, credentials}</c>.</summary>
    public async Task CreateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (owner, path) = await LocateAsync(context, "create", fields);
        var count = fields.RequiredInteger("num_parts");
        await files.CheckWritableAsync(owner, context.RequestAborted);
        var upload = await uploads.BeginAsync(TargetOf(owner, path), count, context.RequestAborted);
        var baseUrl = $"{context.Request.Scheme}://{context.Request.Host.Value}{context.Request.PathBase.Value}";
        await JsonAnswer.WriteAsync(context, (upload, links, baseUrl), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WriteString("upload_id"u8, state.upload.Id);
            writer.WriteStartArray("credentials"u8);
            for (var number = 1; number <= state.upload.Parts; number++)
            {
                writer.WriteStartObject();
                writer.WriteString("url"u8, state.links.Make(state.baseUrl, state.upload.Id, number));
                writer.WriteNumber("part_number"u8, number);
                writer.WriteStartObject("headers"u8);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    /// <summary>Joins the parts to the file: <c>{path, upload_id, parts: [{part_number, etag}]}</c>.</summary>
    public async Task CompleteAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (owner, path) = await LocateAsync(context, "complete", fields);
        var id = fields.RequiredText("upload_id");
        var claims = fields.Objects("parts").Select((part, i) =>
        {
            var at = $"parts[{i}]";
            return new ClaimedPart(
                RequestFields.RequiredInteger($"{at}.part_number", part.Member("part_number", at)),
                RequestFields.RequiredText($"{at}.etag", part.Member("etag", at)));
        }).ToList();
        await uploads.CompleteAsync(
            id,
            TargetOf(owner, path),
            claims,
            (content, length) => files.PutAsync(owner, path, content, expected: null, length, CancellationToken.None),
            context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    /// <summary>Gives an upload up: <c>{path, upload_id}</c>.</summary>
    public async Task AbortAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (owner, path) = await LocateAsync(context, "abort", fields);
        await uploads.AbortAsync(fields.RequiredText("upload_id"), TargetOf(owner, path), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    private static string TargetOf(FileOwner owner, string path) => $"file/{owner.Value}/{path}";

    /// <summary>The address names the folder; of the client's own path only the last name counts, on whatever system it runs.</summary>
    private async ValueTask<(FileOwner Owner, string Path)> LocateAsync(HttpContext context, string step, RequestFields fields)
    {
        var folder = RelativePath.NormalizeFolder(RawPath.After(context, $"{Route}{step}/"));
        var local = fields.RequiredText("path");
        var name = local[(local.LastIndexOfAny(['/', '\\']) + 1)..];
        var path = RelativePath.Normalize(folder.Length == 0 ? name : $"{folder}/{RelativePath.Normalize(name)}");
        if (VersionFiles.Owns(path))
        {
            throw VersionFiles.ReadOnly();
        }

        // The tree refuses what leads out of it too, but only when all parts are there.
        var (owner, inside) = await paths.LocateAsync(path, context.RequestAborted);
        var normal = RelativePath.Normalize(inside);
        await files.DemandEditAsync(owner, normal, context.RequestAborted);
        return (owner, normal);
    }
}
