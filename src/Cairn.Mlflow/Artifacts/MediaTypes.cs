using Microsoft.AspNetCore.StaticFiles;

namespace Cairn.Mlflow.Artifacts;

/// <summary>
/// The type a file is served as: MLflow's, whatever the client that sent it said. What people read as text is text, so
/// that no browser takes it for anything else.
/// </summary>
internal static class MediaTypes
{
    private static readonly FileExtensionContentTypeProvider Known = new();

    private static readonly HashSet<string> TextExtensions = new(StringComparer.Ordinal)
    {
        "txt", "log", "err", "cfg", "conf", "cnf", "cf", "ini", "properties", "prop", "hocon", "toml", "yaml", "yml",
        "xml", "json", "js", "py", "py3", "csv", "tsv", "md", "rst", "MLmodel", "mlproject",
    };

    public static string Of(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var dot = name.LastIndexOf('.');
        var extension = dot > 0 ? name[(dot + 1)..] : name;
        return TextExtensions.Contains(extension) ? "text/plain"
            : Known.TryGetContentType(name, out var type) ? type
            : "application/octet-stream";
    }
}
