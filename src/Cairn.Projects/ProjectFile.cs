using Cairn.Projects.Reading;

namespace Cairn.Projects;

/// <summary>Finds and reads MLproject files.</summary>
public static class ProjectFile
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Reads the project of a folder (or the project file itself, where that is named).</summary>
    /// <exception cref="ProjectFileException">The file has faults.</exception>
    /// <exception cref="ProjectException">There is no such folder, or no project in it.</exception>
    public static Project Open(string path)
    {
        if (File.Exists(path) && Path.GetFileNameWithoutExtension(path).Equals("MLproject", StringComparison.OrdinalIgnoreCase))
        {
            return Load(Path.GetFullPath(path), null);
        }

        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
        {
            throw new ProjectException(NoFolder(path));
        }

        var (file, note) = Find(folder);
        return Load(file, note);
    }

    /// <summary>
    /// As <see cref="Open"/>; a folder without a project file will do where <paramref name="entryPoint"/> is a script in it.
    /// </summary>
    /// <exception cref="ProjectFileException">The file has faults.</exception>
    /// <exception cref="ProjectException">There is no such folder, or neither a project nor the script in it.</exception>
    public static Project OpenFor(string path, string entryPoint)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(folder) || HasFile(folder) || ScriptEntryPoint.Of(folder, entryPoint) is null)
        {
            return Open(path);
        }

        var nowhere = Path.Combine(folder, "MLproject");
        return new Project(Path.GetFileName(folder), folder, nowhere, EnvironmentReader.Unnamed(folder), [], []);
    }

    /// <summary>True where the folder has a project file, of whatever spelling.</summary>
    internal static bool HasFile(string folder) => Candidates(folder).Any();

    /// <summary>Reads a project from text; <paramref name="file"/> is used in messages and to find the folder.</summary>
    /// <exception cref="ProjectFileException">The text has faults.</exception>
    public static Project Parse(ReadOnlySpan<byte> bytes, string file) =>
        Parse(bytes, Path.GetFullPath(file), ShownName(Path.GetFullPath(file)), null);

    private static Project Load(string file, string? note)
    {
        var info = new FileInfo(file);
        if (info.Length > MaxBytes)
        {
            throw new ProjectException($"'{ShownName(file)}' has {info.Length} bytes; a project file has at most {MaxBytes}.");
        }

        return Parse(File.ReadAllBytes(file), file, ShownName(file), note);
    }

    private static Project Parse(ReadOnlySpan<byte> bytes, string file, string shown, string? fileNote)
    {
        var findings = new ProjectFindings(shown);
        if (fileNote is not null)
        {
            findings.Note(0, 0, null, fileNote);
        }

        var text = SourceText.Decode(bytes, out var textNote);
        if (textNote is not null)
        {
            findings.Note(0, 0, null, textNote);
        }

        var root = YamlDocument.Read(text, findings);
        return new ProjectReader(findings, file, Path.GetDirectoryName(file) ?? "/").Read(root);
    }

    /// <summary>The file as a person standing in the current folder would write it.</summary>
    private static string ShownName(string file)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }

    private static (string File, string? Note) Find(string folder)
    {
        var files = Candidates(folder)
            .OrderBy(file => Path.GetExtension(file).Length)
            .ThenBy(file => Path.GetFileName(file) == "MLproject" ? 0 : 1)
            .ThenBy(file => file, StringComparer.Ordinal)
            .ToArray();
        if (files.Length == 0)
        {
            throw new ProjectException(NoFile(folder));
        }

        var note = files.Length > 1
            ? $"There are {files.Length} project files; this is the one that counts."
            : Path.GetExtension(files[0]).Length > 0
                ? "MLflow ignores a project file of this name; it should be called 'MLproject'."
                : null;
        return (files[0], note);
    }

    private static IEnumerable<string> Candidates(string folder) =>
        Directory.EnumerateFiles(folder)
            .Where(file => Path.GetFileNameWithoutExtension(file).Equals("MLproject", StringComparison.OrdinalIgnoreCase)
                && Path.GetExtension(file).ToLowerInvariant() is "" or ".yaml" or ".yml");

    private static string NoFolder(string path) => $"There is no folder '{ShownName(Path.GetFullPath(path))}'.";

    private static string NoFile(string folder)
    {
        var below = Below(folder, 2).Take(8).Select(found => Path.GetRelativePath(folder, found)).ToArray();
        var hint = below.Length == 0
            ? " A project is a folder with a file called MLproject; a single script runs with -e SCRIPT.py."
            : $" Projects below it: {string.Join(", ", below)}.";
        return $"There is no MLproject in '{folder}'.{hint}";
    }

    private static IEnumerable<string> Below(string folder, int depth) =>
        Directory.EnumerateDirectories(folder, "*", new EnumerationOptions())
            .OrderBy(child => child, StringComparer.Ordinal)
            .SelectMany(child => File.Exists(Path.Combine(child, "MLproject")) ? [child]
                : depth > 1 ? Below(child, depth - 1) : []);
}
