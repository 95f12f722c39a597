using Cairn.Core;
using Cairn.Core.Blobs;
using Cairn.Core.Files;
using Cairn.Mlflow.Registry;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cairn.Mlflow.Artifacts;

/// <summary>Files by their path behind the proxy: how MLflow's clients send and fetch them by default.</summary>
internal sealed class ArtifactProxy(FileTree files, ProxyPaths paths, VersionFiles versions)
{
    /// <summary>What comes before the path in an address.</summary>
    public const string Route = "/mlflow-artifacts/artifacts/";

    public async Task ListAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var folder = RelativePath.NormalizeFolder(fields.Text("path"));
        var listing = VersionFiles.Owns(folder)
            ? await versions.ListAsync(folder, context.RequestAborted)
            : await paths.ListAsync(folder, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, listing, static (writer, found) =>
        {
            writer.WriteStartObject();
            found.Write(writer, "");
            writer.WriteEndObject();
        });
    }

    public async Task GetAsync(HttpContext context)
    {
        var path = RelativePath.Normalize(RawPath.After(context, Route));
        if (VersionFiles.Owns(path))
        {
            await versions.SendAsync(context, path);
            return;
        }

        var (owner, inside) = await paths.LocateAsync(path, context.RequestAborted);
        await Download.SendAsync(context, files, owner, inside.Length > 0 ? inside : path);
    }

    public async Task PutAsync(HttpContext context)
    {
        var (owner, path) = await LocateAsync(context);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        await files.PutAsync(owner, path, context.Request.Body, expected: null, context.Request.ContentLength, context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        var (owner, path) = await LocateAsync(context);
        try
        {
            await (path.Length > 0 ? files.DeleteAsync(owner, path, context.RequestAborted) : DeleteAllAsync(owner, context.RequestAborted));
        }
        catch (CairnException missing) when (missing.Code == ErrorCode.NotFound)
        {
            // What is gone already is no fault: `mlflow gc` gives up at one, and a call that is repeated comes to it.
        }

        await JsonAnswer.EmptyAsync(context);
    }

    // Where something is written or removed.
    private ValueTask<(FileOwner Owner, string Path)> LocateAsync(HttpContext context)
    {
        var path = RelativePath.Normalize(RawPath.After(context, Route));
        return VersionFiles.Owns(path) ? throw VersionFiles.ReadOnly() : paths.LocateAsync(path, context.RequestAborted);
    }

    // All files of a run: `mlflow gc` asks for this.
    private async Task DeleteAllAsync(FileOwner owner, CancellationToken cancellationToken)
    {
        var all = await files.ListAsync(owner, "", cancellationToken);
        foreach (var top in all.Select(file => file.Path.Split('/')[0]).Distinct(StringComparer.Ordinal))
        {
            await files.DeleteAsync(owner, top, cancellationToken);
        }
    }
}
