using Cairn.Projects.Binding;

namespace Cairn.Projects;

/// <summary>A script of the project's folder, run as it is: <c>-e train.py</c> needs no declaration.</summary>
internal static class ScriptEntryPoint
{
    /// <summary>The entry point; null where the name is not that of a script in the folder.</summary>
    public static EntryPoint? Of(string folder, string name)
    {
        var program = Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".py" => "python",
            ".sh" => "bash",
            ".r" => "Rscript",
            _ => null,
        };
        var file = Path.GetFullPath(Path.Combine(folder, name));
        var inside = file.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        if (program is null || !inside || !File.Exists(file))
        {
            return null;
        }

        // The template doubles braces; an argument that begins with a dash must not be an option.
        var argument = ShellText.Word(name.StartsWith('-') ? $"./{name}" : name)
            .Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
        return new EntryPoint(name, [], $"{program} {argument}");
    }
}
