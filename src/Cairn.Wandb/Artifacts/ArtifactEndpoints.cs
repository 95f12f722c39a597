using System.Globalization;
using Cairn.Core;
using Cairn.Core.Blobs;
using Cairn.Wandb.Files;
using Cairn.Wandb.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Cairn.Wandb.Artifacts;

/// <summary>The bytes of artifacts: signed addresses without a key, <c>/artifactsV2/…</c> with one.</summary>
internal sealed class ArtifactEndpoints(WandbServices services)
{
    public const string Upload = SignedLinks.Prefix + "put/{until}/{mark}/artifact/{draft}/{md5}/{**path}";
    public const string UploadManifest = SignedLinks.Prefix + "put/{until}/{mark}/manifest/{manifest}";
    public const string Download = SignedLinks.Prefix + "get/{until}/{mark}/blob/{digest}/{**path}";
    public const string DownloadManifest = SignedLinks.Prefix + "get/{until}/{mark}/manifest/{version}";

    /// <summary>The bytes of one file of an upload, and of no other: the address says which MD5 they have.</summary>
    public async Task PutAsync(HttpContext http)
    {
        var (draft, md5, path) = (Value(http, "draft"), Value(http, "md5"), Value(http, "path"));
        Check(http, "put", $"{ArtifactFiles.Upload}/{draft}/{md5}/{path}");
        AllowAnySize(http);
        await services.Drafts.ReceiveAsync(Number(draft), path, md5, http.Request.Body, http.Request.ContentLength, http.RequestAborted);
        http.Response.Headers.ETag = $"\"{md5}\"";
    }

    public async Task PutManifestAsync(HttpContext http)
    {
        var manifest = Value(http, "manifest");
        Check(http, "put", $"{ArtifactFiles.Manifest}/{manifest}");
        if (http.Request.ContentLength > ManifestJson.LargestManifest)
        {
            throw new CairnException(ErrorCode.TooLarge, $"The manifest has {http.Request.ContentLength} bytes; at most {ManifestJson.LargestManifest} are taken.");
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = ManifestJson.LargestManifest;
        }

        await services.Drafts.ReceiveManifestAsync(Number(manifest), http.Request.Body, http.Request.ContentLength, http.RequestAborted);
    }

    public async Task GetAsync(HttpContext http)
    {
        var (digest, path) = (Value(http, "digest"), Value(http, "path"));
        Check(http, "get", $"{ArtifactFiles.Blob}/{digest}/{path}");
        await SendAsync(http, Digest.Parse(digest), path);
    }

    public async Task GetManifestAsync(HttpContext http)
    {
        var text = Value(http, "version");
        Check(http, "get", $"{ArtifactFiles.Manifest}/{text}");
        var version = ArtifactIds.ReadText(text) is { IsVersion: true } found
            ? await services.CollectionStore.FindByVersionAsync(found.Number, http.RequestAborted)
            : null;
        var manifest = await ArtifactCommit.ManifestAsync(
            services,
            version ?? throw CairnException.NotFound("The artifact version of this manifest has been deleted."),
            http.RequestAborted);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = manifest.Length;
        http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        await http.Response.Body.WriteAsync(manifest, http.RequestAborted);
    }

    /// <summary>
    /// <c>/artifactsV2/{region}/{entity}/{birth}/{md5}</c> and <c>/artifactsV2/{region}/{entity}/{project}/{collection}/…/{md5}/{name}</c>:
    /// the MD5 says which bytes; the rest is for W&amp;B's own storage. Layout V1 has <c>/artifacts/{entity}/{md5}</c>, which
    /// is served for the one entity: other addresses under <c>/artifacts/</c> are pages.
    /// </summary>
    public async Task GetByMd5Async(HttpContext http)
    {
        var segments = Value(http, "rest").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.FindLastIndex(segments, Md5Text.IsHex);
        if (at < 0 || at < segments.Length - 2)
        {
            throw CairnException.Invalid("md5", "The address of an artifact's file ends in its MD5 (32 hexadecimal digits), or in that and a name.");
        }

        var known = await services.Drafts.FindKnownAsync([segments[at]], http.RequestAborted);
        await SendAsync(
            http,
            known.TryGetValue(segments[at], out var blob) ? blob.Digest : throw CairnException.NotFound($"There is no content with the MD5 {segments[at]}."),
            segments[^1]);
    }

    /// <summary>A page may use these addresses. Which pages may ask this server at all is decided before.</summary>
    public static Task AllowPages(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = http.Request.Headers.Origin;
        headers.AccessControlAllowMethods = "GET, PUT";
        headers.AccessControlAllowHeaders = "Content-MD5, Content-Type";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private async Task SendAsync(HttpContext http, Digest digest, string path)
    {
        await using var content = await services.Blobs.OpenReadAsync(digest, http.RequestAborted)
            ?? throw CairnException.NotFound($"There is no content {digest}.");
        await SafeDownload.SendAsync(http, content, path, digest);
    }

    private void Check(HttpContext http, string verb, string rest) => services.Links.Check(verb, Value(http, "until"), Value(http, "mark"), rest);

    private static void AllowAnySize(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw CairnException.NotFound("There is no such upload.");

    private static string Value(HttpContext http, string name) => http.GetRouteValue(name) as string ?? "";
}
