using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Cairn.Core.Accounts;
using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Files;
using Cairn.Core.Runs;

namespace Cairn.Core.Models;

/// <summary>
/// The model registry: a view over the artifacts of type "model", by names that are unique on the server. Who registers a
/// model here makes an artifact; who commits an artifact of type "model" registers it.
/// </summary>
public sealed partial class ModelRegistry(
    IArtifactStore store,
    IFileStore files,
    IRunStore runs,
    RunFeed feed,
    TimeProvider clock)
{
    public const int NameLength = 256;
    public const int TextLength = 65_536;

    private const int ArtifactNameLength = 120;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<RegisteredModel> CreateAsync(string name, string? description, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        CheckName(name, "name");
        CheckText(description, "description");
        var type = tags.ContainsKey(RegisteredModel.PromptTag) ? RegisteredModel.PromptType : RegisteredModel.ModelType;
        return store.CreateModelAsync(new NewModel(name, ArtifactNameOf(name), type, description, tags, Now), cancellationToken);
    }

    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>.</exception>
    public async Task<RegisteredModel> GetAsync(string name, CancellationToken cancellationToken) =>
        await store.FindModelAsync(name, cancellationToken) ?? throw MissingModel(name);

    public Task<IReadOnlyList<RegisteredModel>> SearchAsync(ModelQuery query, CancellationToken cancellationToken) =>
        store.SearchModelsAsync(query, cancellationToken);

    public Task<RegisteredModel> RenameAsync(string name, string newName, CancellationToken cancellationToken)
    {
        CheckName(newName, "new_name");
        return store.UpdateModelAsync(name, new ModelChange(newName, ArtifactNameOf(newName)), Now, cancellationToken);
    }

    public Task<RegisteredModel> DescribeAsync(string name, string description, CancellationToken cancellationToken)
    {
        CheckText(description, "description");
        return store.UpdateModelAsync(name, new ModelChange(Description: description), Now, cancellationToken);
    }

    /// <summary>Sets a tag, or removes it where <paramref name="value"/> is null; removing what is not there is no fault.</summary>
    public Task TagAsync(string name, string key, string? value, CancellationToken cancellationToken) =>
        store.UpdateModelAsync(name, new ModelChange(Tags: Tag(key, value)), Now, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => store.DeleteModelAsync(name, Now, cancellationToken);

    /// <summary>Registers a version. Where its files are in this server's store they become its manifest, whatever happens to them later.</summary>
    public async Task<ModelVersion> AddVersionAsync(ModelSource source, CancellationToken cancellationToken)
    {
        CheckText(source.Uri, "source");
        CheckText(source.RunLink, "run_link");
        CheckText(source.Description, "description");
        var manifest = source.Files is { } place ? await ManifestAsync(place, cancellationToken) : source.Manifest ?? [];
        var run = RunId.TryParse(source.RunText, out var id) ? (await runs.FindRunsAsync([id], cancellationToken)).FirstOrDefault() : null;
        var added = await store.AddModelVersionAsync(
            new NewModelVersion(
                source.ModelName,
                source.Uri,
                source.Location,
                manifest,
                manifest.Count > 0 ? ArtifactCatalog.DigestOf(manifest) : DigestOf(source.Uri),
                run?.Id,
                source.RunText,
                source.RunLink,
                source.LoggedModelId,
                source.Description,
                source.Tags,
                Caller.Current.Sign(run?.Author),
                Now),
            cancellationToken);
        if (run is not null)
        {
            feed.Publish(new RunChange(run.Id, run.ExperimentId, RunChanges.Artifacts));
        }

        return added;
    }

    /// <summary>A version by its number, which counts from 1.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>.</exception>
    public async Task<ModelVersion> GetVersionAsync(string name, int number, CancellationToken cancellationToken) =>
        (number > 0 ? await store.FindModelVersionAsync(name, new VersionReference(number - 1, null), cancellationToken) : null)
        ?? throw MissingVersion(name, number);

    public Task<ModelVersion?> FindVersionAsync(string name, VersionReference reference, CancellationToken cancellationToken) =>
        store.FindModelVersionAsync(name, reference, cancellationToken);

    public Task<IReadOnlyList<ModelVersion>> SearchVersionsAsync(ModelQuery query, CancellationToken cancellationToken) =>
        store.SearchModelVersionsAsync(query, cancellationToken);

    public Task<IReadOnlyList<ManifestEntry>> ReadManifestAsync(ModelVersion version, CancellationToken cancellationToken) =>
        store.ReadManifestAsync(version.Version.Key, version.Version.Index, cancellationToken);

    public Task<ModelVersion> DescribeVersionAsync(string name, int number, string? description, CancellationToken cancellationToken)
    {
        CheckText(description, "description");
        return UpdateAsync(name, number, new ModelVersionChange(SetsDescription: true, description), cancellationToken);
    }

    public Task<ModelVersion> MoveToStageAsync(string name, int number, ModelStage stage, bool archiveOthers, CancellationToken cancellationToken) =>
        archiveOthers && stage is not (ModelStage.Staging or ModelStage.Production)
            ? throw CairnException.Invalid(
                "archive_existing_versions",
                $"Model version transition cannot archive existing model versions because '{stage}' is not an Active stage. Valid stages are ['Staging', 'Production']")
            : UpdateAsync(name, number, new ModelVersionChange(Stage: stage, ArchiveOthers: archiveOthers), cancellationToken);

    /// <inheritdoc cref="TagAsync"/>
    public Task TagVersionAsync(string name, int number, string key, string? value, CancellationToken cancellationToken) =>
        UpdateAsync(name, number, new ModelVersionChange(Tags: Tag(key, value)), cancellationToken);

    public Task DeleteVersionAsync(string name, int number, CancellationToken cancellationToken) =>
        number > 0 ? store.DeleteModelVersionAsync(name, number - 1, Now, cancellationToken) : throw MissingVersion(name, number);

    /// <summary>Points an alias to a version, wherever it pointed before.</summary>
    public async Task SetAliasAsync(string name, string alias, int number, CancellationToken cancellationToken)
    {
        var version = await GetVersionAsync(name, number, cancellationToken);
        await store.MoveAliasAsync(Move(version.Version.Key, alias, version.Version.Index), cancellationToken);
    }

    /// <summary>Removes an alias; one that is not there is no fault.</summary>
    public async Task RemoveAliasAsync(string name, string alias, CancellationToken cancellationToken)
    {
        var model = await GetAsync(name, cancellationToken);
        try
        {
            await store.MoveAliasAsync(Move(model.Artifact.Key, alias, to: null), cancellationToken);
        }
        catch (CairnException missing) when (missing.Code == ErrorCode.NotFound)
        {
            // Another client was first; the alias is gone either way.
        }
    }

    public static CairnException MissingModel(string name) => CairnException.NotFound($"Registered Model with name={name} not found");

    public static CairnException MissingVersion(string name, int number) =>
        CairnException.NotFound($"Model Version (name={name}, version={number}) not found");

    /// <summary>What an artifact is called whose model has this name: artifacts' names are narrower.</summary>
    public static string ArtifactNameOf(string modelName)
    {
        var name = OtherCharacters().Replace(modelName, "_");
        name = name.Length > ArtifactNameLength ? name[..ArtifactNameLength] : name;
        return name is "." or ".." ? "_" : name;
    }

    private Task<ModelVersion> UpdateAsync(string name, int number, ModelVersionChange change, CancellationToken cancellationToken) =>
        number > 0 ? store.UpdateModelVersionAsync(name, number - 1, change, Now, cancellationToken) : throw MissingVersion(name, number);

    private AliasMove Move(ArtifactKey key, string alias, int? to) => new(key, alias, to, Expected: null, Caller.Current.Sign(null), Why: null, RunId: null, Now);

    private async Task<IReadOnlyList<ManifestEntry>> ManifestAsync(FilePlace place, CancellationToken cancellationToken)
    {
        var found = await files.ListAsync(place.Owner, place.Folder, cancellationToken);
        if (found.Count > ArtifactCatalog.ManifestLength)
        {
            throw CairnException.Invalid("source", $"'source' has {found.Count} files; a version has at most {ArtifactCatalog.ManifestLength}.");
        }

        var skip = place.Folder.Length == 0 ? 0 : place.Folder.Length + 1;
        return
        [
            .. found
                .Select(file => new ManifestEntry(file.Path.Length > skip ? file.Path[skip..] : file.Path[(file.Path.LastIndexOf('/') + 1)..], file.Digest, file.Size))
                .OrderBy(entry => entry.Path, StringComparer.Ordinal),
        ];
    }

    /// <summary>The digest of a version that has no files here, only a source elsewhere.</summary>
    public static Digest DigestOf(string source) => Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes($"cairn-source-v1\n{source}\n")));

    private static Dictionary<string, string?> Tag(string key, string? value) => new(StringComparer.Ordinal) { [key] = value };

    private static void CheckName(string name, string field)
    {
        if (name.Length is 0 or > NameLength)
        {
            throw CairnException.Invalid(field, $"'{field}' must have 1 to {NameLength} characters (it has {name.Length}).");
        }

        if (name.AsSpan().ContainsAnyInRange('\0', '\u001f') || !UnicodeText.IsWellFormed(name))
        {
            throw CairnException.Invalid(field, $"'{field}' contains a control character or half of a surrogate pair. Use a single line of text.");
        }
    }

    private static void CheckText(string? text, string field)
    {
        if (text is { Length: > TextLength })
        {
            throw CairnException.Invalid(field, $"'{field}' exceeds the maximum length of {TextLength} characters");
        }
    }

    [GeneratedRegex(@"[^\p{L}\p{Nd}._-]")]
    private static partial Regex OtherCharacters();
}

/// <summary>Where files are in the store: a folder of a tree, or one file.</summary>
public readonly record struct FilePlace(FileOwner Owner, string Folder);

/// <summary>What a version is registered from.</summary>
/// <param name="ModelName">An existing model.</param>
/// <param name="Uri">As the client gave it. The server never opens it.</param>
/// <param name="Location">The URI to load it from, where that is not <paramref name="Uri"/>.</param>
/// <param name="Files">Where its files are, if this server has them.</param>
/// <param name="Manifest">Its files, where another version's are taken over.</param>
/// <param name="RunText">The id of its run, or null; it need not be a run of this server.</param>
/// <param name="RunLink">Text, or null.</param>
/// <param name="LoggedModelId">Text, or null.</param>
/// <param name="Description">Text, or null.</param>
/// <param name="Tags">By key.</param>
public sealed record ModelSource(
    string ModelName,
    string Uri,
    string? Location,
    FilePlace? Files,
    IReadOnlyList<ManifestEntry>? Manifest,
    string? RunText,
    string? RunLink,
    string? LoggedModelId,
    string? Description,
    IReadOnlyDictionary<string, string> Tags);
