using System.Text;
using Cairn.Core;
using Cairn.Core.Files;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Artifacts;

/// <summary>
/// Sends a file so that a browser saves it and runs nothing of it: as an attachment, with a type that is not sniffed, and
/// in a sandbox should it be shown all the same.
/// </summary>
internal static class Download
{
    private const int CopyBuffer = 256 * 1024;

    public static async Task SendAsync(HttpContext context, FileTree files, FileOwner owner, string path)
    {
        var (file, content) = await OpenAsync(files, owner, path, context.RequestAborted);
        await using (content)
        {
            await SendAsync(context, content, file);
        }
    }

    public static Task SendAsync(HttpContext context, Stream content, StoredFile file)
    {
        var response = context.Response;
        response.ContentType = MediaTypes.Of(file.Path);
        response.ContentLength = file.Size;
        response.Headers.ContentDisposition = Disposition(file.Path);
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        response.Headers.ETag = $"\"{file.Digest}\"";
        return content.CopyToAsync(response.Body, CopyBuffer, context.RequestAborted);
    }

    private static async Task<(StoredFile File, Stream Content)> OpenAsync(FileTree files, FileOwner owner, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await files.OpenAsync(owner, path, cancellationToken);
        }
        catch (CairnException missing) when (missing.Code == ErrorCode.NotFound)
        {
            // MLflow answers 500, which its clients repeat for minutes.
            throw new CairnException(ErrorCode.NotFound, $"No such artifact: '{path}'", "path", missing);
        }
    }

    /// <summary>The name is the file's own, never a path; names beyond plain ASCII also as RFC 5987 has them.</summary>
    private static string Disposition(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (name.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal)))
        {
            return $"attachment; filename={name}";
        }

        var plain = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            plain.Append(character is < ' ' or > '~' or '"' or '\\' ? '_' : character);
        }

        return $"attachment; filename=\"{plain}\"; filename*=UTF-8''{Uri.EscapeDataString(name)}";
    }
}
