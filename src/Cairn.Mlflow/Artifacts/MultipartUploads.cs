using Cairn.Core.Blobs;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Artifacts;

/// <summary>
/// Uploads in parts, which MLflow has for object stores whose addresses clients write to directly. Here a file is sent
/// to the server in one piece; told so, clients do that.
/// </summary>
internal static class MultipartUploads
{
    public static RequestDelegate Refuse(string step) => context =>
    {
        RelativePath.Normalize(RawPath.After(context, $"/mlflow-artifacts/mpu/{step}/"));
        throw MlflowException.NotImplemented(
            $"Multipart upload ({step}) is not supported by Cairn, which takes files of any size in one piece. Send the file with PUT to /api/2.0/mlflow-artifacts/artifacts/…");
    };
}
