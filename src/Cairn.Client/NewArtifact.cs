using System.Text;
using Cairn.Client.Http;
using Cairn.Client.Transfer;
using Cairn.Client.Values;
using Cairn.Client.Wire;

namespace Cairn.Client;

/// <summary>
/// An artifact version to be logged: a named, typed set of files. Files are read when it is logged, not when they are
/// added. Not safe for use from several threads at once.
/// </summary>
/// <param name="name">
/// Letters, digits, dot, dash, underscore; at most 128, else a <see cref="CairnClientException"/>. The first version creates
/// the artifact.
/// </param>
/// <param name="type">"dataset", "model" or any other word; all versions of an artifact have the type of the first.</param>
public sealed class NewArtifact(string name, string type)
{
    private readonly SortedDictionary<string, ArtifactSource> _sources = new(StringComparer.Ordinal);

    /// <summary>Name of the artifact.</summary>
    public string Name { get; } = ArtifactName.Check("name", name);

    /// <summary>Type of the artifact.</summary>
    public string Type { get; } = ArtifactName.Check("type", type);

    /// <summary>Text about the version, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Facts about the version, or null; values as <see cref="CairnRun.LogParams"/> takes them.</summary>
    public IReadOnlyDictionary<string, object?>? Metadata { get; init; }

    /// <summary>Aliases that shall point to the version, besides "latest", or null.</summary>
    /// <exception cref="CairnClientException">An alias is no word, or looks like a version.</exception>
    public IReadOnlyList<string>? Aliases
    {
        get;
        init => field = value?.Select(ArtifactName.CheckAlias).ToList();
    }

    internal IReadOnlyList<ArtifactSource> Sources => [.. _sources.Values];

    /// <summary>Adds a local file. A symbolic link stands for the file it leads to.</summary>
    /// <param name="path">The file; it must exist.</param>
    /// <param name="nameInArtifact">Path in the artifact, with forward slashes; null means the name of the file.</param>
    /// <exception cref="CairnClientException">The file is missing, the path cannot be used or is taken.</exception>
    public NewArtifact AddFile(string path, string? nameInArtifact = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Directory.Exists(path)
            ? throw CairnClientException.Invalid("path", $"\"{path}\" is a folder. Add it with AddDirectory.")
            : !File.Exists(path)
            ? throw CairnClientException.Invalid("path", $"There is no file \"{Path.GetFullPath(path)}\" to add.")
            : Add(new ArtifactSource(nameInArtifact ?? Path.GetFileName(path), Path.GetFullPath(path), default));
    }

    /// <summary>
    /// Adds all files below a folder under their relative paths, hidden ones too; empty folders are not kept. A symbolic
    /// link to a file within the folder stands for that file; one that leads out of it, to a folder or nowhere is refused.
    /// </summary>
    /// <param name="path">The folder; it must exist.</param>
    /// <param name="folderInArtifact">Folder in the artifact to put them in; null means its root.</param>
    /// <exception cref="CairnClientException">The folder is missing or empty, or a file in it cannot be added.</exception>
    public NewArtifact AddDirectory(string path, string? folderInArtifact = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var files = SourceFolder.Files(path);
        if (files.Count == 0)
        {
            throw CairnClientException.Invalid("path", $"The folder \"{Path.GetFullPath(path)}\" holds no files.");
        }

        foreach (var (relative, file) in files)
        {
            Add(new ArtifactSource(folderInArtifact is null ? relative : $"{folderInArtifact}/{relative}", file, default));
        }

        return this;
    }

    /// <summary>Adds bytes as a file. They must not change until the artifact has been logged.</summary>
    /// <exception cref="CairnClientException">The path cannot be used or is taken.</exception>
    public NewArtifact AddBytes(string nameInArtifact, ReadOnlyMemory<byte> bytes) =>
        Add(new ArtifactSource(nameInArtifact, null, bytes));

    /// <summary>Adds text as a file, in UTF-8.</summary>
    /// <exception cref="CairnClientException">The path cannot be used or is taken.</exception>
    public NewArtifact AddText(string nameInArtifact, string text) =>
        AddBytes(nameInArtifact, Encoding.UTF8.GetBytes(text));

    internal CommitVersionRequest ToRequest() => new(
        Name,
        Type,
        [],
        Aliases: Aliases,
        Description: Description,
        Metadata: Metadata is null ? null : LoggedValue.From("metadata", Metadata));

    private NewArtifact Add(ArtifactSource source)
    {
        RelativePath.Check(source.Path, "path");
        return _sources.TryAdd(source.Path, source)
            ? this
            : throw CairnClientException.Invalid("path", $"The artifact \"{Name}\" already has a file \"{source.Path}\".");
    }
}
