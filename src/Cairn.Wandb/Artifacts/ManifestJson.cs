using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Artifacts;

/// <summary>
/// W&amp;B's manifests, version 1: <c>{"version":1,"storagePolicy":…,"storagePolicyConfig":…,"contents":{path:{digest,…}}}</c>.
/// </summary>
internal sealed class ManifestJson
{
    /// <summary>Beyond this, a manifest would not be of files any more.</summary>
    public const int LargestManifest = 256 * 1024 * 1024;

    private readonly SortedDictionary<string, JsonElement> contents = new(StringComparer.Ordinal);

    /// <summary>Entries as the house takes them, ordered by path.</summary>
    public List<DraftEntry> Entries => [.. contents.Select(entry => Read(entry.Key, entry.Value))];

    /// <summary>W&amp;B's digest: MD5 over the names and digests.</summary>
    public string Digest
    {
        get
        {
#pragma warning disable CA5351 // The protocol's digest is MD5.
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
            hash.AppendData("wandb-artifact-manifest-v1\n"u8);
            foreach (var (path, entry) in contents)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{path}:{TextOf(path, entry, "digest")}\n"));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <summary>Takes over the entries of a manifest; of two with one path the later one stays.</summary>
    public void Add(ReadOnlyMemory<byte> json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException fault)
        {
            throw CairnException.Invalid("manifest", $"The manifest is not JSON (line {fault.LineNumber + 1}).");
        }

        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number != 1)
        {
            throw CairnException.Invalid("manifest", "The manifest is not of version 1, the one this server knows.");
        }

        if (!root.TryGetProperty("contents", out var all) || all.ValueKind != JsonValueKind.Object)
        {
            throw CairnException.Invalid("manifest", "The manifest has no 'contents'.");
        }

        foreach (var entry in all.EnumerateObject())
        {
            contents[NameOf(entry)] = entry.Value;
        }
    }

    /// <summary>The manifest as clients read it.</summary>
    public ReadOnlyMemory<byte> Write() => JsonText.WriteBytes(writer =>
    {
        Begin(writer);
        foreach (var (path, entry) in contents)
        {
            writer.WritePropertyName(path);
            entry.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary>The manifest of a version that came through another door.</summary>
    public static ReadOnlyMemory<byte> Write(IEnumerable<(string Path, HashedBlob Blob)> files, IReadOnlyList<Reference> references, string birthId) =>
        JsonText.WriteBytes(writer =>
        {
            Begin(writer);
            foreach (var (path, blob) in files)
            {
                writer.WriteStartObject(path);
                writer.WriteString("digest", Md5Text.ToBase64(blob.Md5));
                writer.WriteString("birthArtifactID", birthId);
                writer.WriteNumber("size", blob.Size);
                writer.WriteEndObject();
            }

            foreach (var reference in references)
            {
                writer.WriteStartObject(reference.Path);
                writer.WriteString("digest", reference.Digest);
                writer.WriteString("ref", reference.Uri);
                if (reference.Size is { } size)
                {
                    writer.WriteNumber("size", size);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        });

    private static void Begin(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", 1);
        writer.WriteString("storagePolicy", "wandb-storage-policy-v1");
        writer.WriteStartObject("storagePolicyConfig");
        writer.WriteString("storageLayout", "V2");
        writer.WriteEndObject();
        writer.WriteStartObject("contents");
    }

    private static DraftEntry Read(string path, JsonElement entry)
    {
        var digest = TextOf(path, entry, "digest");
        var size = entry.TryGetProperty("size", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var bytes) && bytes >= 0 ? bytes : (long?)null;
        return entry.TryGetProperty("ref", out var uri) && uri.ValueKind == JsonValueKind.String
            ? new DraftEntry(path, digest, TextOf(path, entry, "ref"), size)
            : new DraftEntry(path, Md5Text.ToHex(digest, string.Create(CultureInfo.InvariantCulture, $"contents['{Short(path)}'].digest")), null, size);
    }

    private static string TextOf(string path, JsonElement entry, string member)
    {
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty(member, out var value) || value.ValueKind != JsonValueKind.String)
        {
            throw CairnException.Invalid("manifest", $"The entry '{Short(path)}' of the manifest has no '{member}'.");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw CairnException.Invalid("manifest", $"The '{member}' of the entry '{Short(path)}' of the manifest is not valid Unicode.");
        }
    }

    private static string NameOf(JsonProperty entry)
    {
        try
        {
            return entry.Name;
        }
        catch (InvalidOperationException)
        {
            throw CairnException.Invalid("manifest", "The manifest names a file in what is not valid Unicode.");
        }
    }

    private static string Short(string path) => path.Length <= 100 ? path : $"{path[..97]}…";
}
