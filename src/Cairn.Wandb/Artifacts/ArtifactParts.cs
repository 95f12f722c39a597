using Cairn.Core;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Uploads;
using Cairn.Wandb.GraphQl;

namespace Cairn.Wandb.Artifacts;

/// <summary>Files of versions that come in parts: what clients do from 2 GiB on.</summary>
internal static class ArtifactParts
{
    private const int Md5Length = 32;

    /// <summary>MD5s of the parts a client wants to send, in order; empty where it wants to send none.</summary>
    public static IReadOnlyList<string> Read(IReadOnlyList<InputValues> parts)
    {
        var md5s = new string?[parts.Count];
        foreach (var part in parts)
        {
            var number = part.Number("partNumber") ?? 0;
            if (number < 1 || number > parts.Count || md5s[number - 1] is not null)
            {
                throw CairnException.Invalid("uploadPartsInput.partNumber", $"'uploadPartsInput' has {parts.Count} parts: they are numbered from 1 to {parts.Count}, each once. {number} is not.");
            }

            var md5 = part.Required("hexMD5").ToLowerInvariant();
            md5s[number - 1] = Md5Text.IsHex(md5)
                ? md5
                : throw CairnException.Invalid("uploadPartsInput.hexMD5", $"'hexMD5' of part {number} must be an MD5: {Md5Length} hexadecimal digits.");
        }

        return [.. md5s.OfType<string>()];
    }

    /// <summary>Where the parts are put. Asked again, with the same parts, the upload goes on.</summary>
    public static async ValueTask<MultipartUpload> BeginAsync(FieldCall call, Draft draft, string name, string md5, IReadOnlyList<string> parts)
    {
        var services = call.Request.Services;
        var upload = await services.Uploads.BeginAsync(TargetOf(draft.Id, md5, name), parts, call.CancellationToken);
        return new MultipartUpload(
            upload.Id,
            [.. Enumerable.Range(1, upload.Parts).Select(number => new UploadPart(number, services.UploadLinks.Make(call.Request.BaseUrl, upload.Id, number)))]);
    }

    /// <summary>Joins the parts, or gives them up. The whole must have the MD5 that the file was announced with.</summary>
    public static async ValueTask<CompletedUpload> CompleteAsync(FieldCall call)
    {
        var input = call.Input;
        var services = call.Request.Services;
        var id = input.Required("uploadID");
        var upload = await services.Uploads.GetAsync(id, call.CancellationToken);
        if (upload.Target.Split('/', 4) is not ["artifact", _, var md5, var name]
            || ArtifactIds.Read(input.Required("artifactID")) is not { IsVersion: false } artifact
            || TargetOf(artifact.Number, md5, name) != upload.Target)
        {
            throw CairnException.Invalid("uploadID", $"The upload '{id}' belongs to no file of this artifact.");
        }

        if (input.Required("storagePath") != ArtifactFiles.StoragePath(md5))
        {
            throw CairnException.Invalid("storagePath", $"The upload '{id}' is for '{ArtifactFiles.StoragePath(md5)}'.");
        }

        if (input.Required("completeMultipartAction") == "Abort")
        {
            await services.Uploads.AbortAsync(id, upload.Target, call.CancellationToken);
            return new CompletedUpload(null);
        }

        await services.Uploads.CompleteAsync(
            id,
            upload.Target,
            [.. input.Objects("completedParts").Select(part => new ClaimedPart(part.Number("partNumber") ?? 0, part.Required("hexMD5")))],
            (content, length) => services.Drafts.ReceiveAsync(artifact.Number, name, md5, content, length, CancellationToken.None),
            call.CancellationToken);
        return new CompletedUpload(Md5Text.ToBase64(md5));
    }

    private static string TargetOf(long draft, string md5, string name) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"artifact/{draft}/{md5}/{name}");
}
