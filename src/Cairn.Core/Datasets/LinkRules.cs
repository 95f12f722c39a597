namespace Cairn.Core.Datasets;

/// <summary>How long the parts of a dataset's description may be.</summary>
internal static class LinkRules
{
    private const int NameLength = 500;
    private const int DigestLength = 36;
    private const int SourceLength = 65_535;
    private const int SchemaLength = 1_048_575;
    private const int ProfileLength = 16_777_215;
    private const int TagKeyLength = 255;
    private const int TagValueLength = 500;

    public static void Check(RunLinks links)
    {
        for (var i = 0; i < links.Datasets.Count; i++)
        {
            var (data, tags) = links.Datasets[i];
            var at = $"datasets[{i}].dataset";
            Check(at, "name", data.Name, NameLength);
            Check(at, "digest", data.Digest, DigestLength);
            Check(at, "source_type", data.SourceType, DigestLength);
            Check(at, "source", data.Source, SourceLength);
            Check(at, "schema", data.Schema, SchemaLength);
            Check(at, "profile", data.Profile, ProfileLength);
            for (var t = 0; t < tags.Count; t++)
            {
                Check($"datasets[{i}].tags[{t}]", "key", tags[t].Key, TagKeyLength);
                Check($"datasets[{i}].tags[{t}]", "value", tags[t].Value, TagValueLength);
            }
        }
    }

    private static void Check(string at, string name, string? text, int longest)
    {
        var field = $"{at}.{name}";
        if (text?.Length > longest)
        {
            throw CairnException.Invalid(field, $"{at}: '{name}' exceeds the maximum length of {longest} characters (it has {text.Length}).");
        }

        if (text is not null && !UnicodeText.IsWellFormed(text))
        {
            throw CairnException.Invalid(field, $"'{field}' is not valid Unicode (it has half of a surrogate pair).");
        }
    }
}
