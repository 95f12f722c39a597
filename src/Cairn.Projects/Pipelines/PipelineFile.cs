using Cairn.Projects.Reading;

namespace Cairn.Projects.Pipelines;

/// <summary>Finds and reads pipeline.yaml files.</summary>
public static class PipelineFile
{
    private const int MostBytes = 1024 * 1024;
    private static readonly string[] Names = ["pipeline.yaml", "pipeline.yml"];

    /// <summary>The pipeline file of a folder, or the file itself where that is named; null where there is none.</summary>
    public static string? Find(string path)
    {
        if (File.Exists(path))
        {
            return Path.GetExtension(path) is ".yaml" or ".yml" ? Path.GetFullPath(path) : null;
        }

        return Names.Select(name => Path.Combine(path, name)).Where(File.Exists).Select(Path.GetFullPath).FirstOrDefault();
    }

    /// <summary>Reads a pipeline.</summary>
    /// <exception cref="ProjectFileException">The file has faults; all of them are told.</exception>
    /// <exception cref="ProjectException">There is no such file.</exception>
    public static Pipeline Open(string path)
    {
        var file = Find(path)
            ?? throw new ProjectException(Directory.Exists(path) || File.Exists(path)
                ? $"There is no pipeline.yaml in '{path}'. docs/pipelines.md tells how one is written; a project with an MLproject runs with: cairn run {path}"
                : $"There is no folder '{path}'.");
        var info = new FileInfo(file);
        if (info.Length > MostBytes)
        {
            throw new ProjectException($"'{file}' has {info.Length} bytes; a pipeline file has at most {MostBytes}.");
        }

        var shown = Shown(file);
        var findings = new ProjectFindings(shown);
        var text = SourceText.Decode(File.ReadAllBytes(file), out var note);
        if (note is not null)
        {
            findings.Note(0, 0, null, note);
        }

        return new PipelineReader(findings, file).Read(YamlDocument.Read(text, findings, refusesTwice: true));
    }

    /// <summary>The file as a person standing in the current folder would write it.</summary>
    internal static string Shown(string file)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }
}
