namespace Cairn.Core.Runs;

/// <summary>What may be written into a run, whatever the door. Doors with narrower limits check those first, in their own words.</summary>
public static class RunRules
{
    /// <summary>Longest key of a metric, param, tag or media series, in UTF-16 units.</summary>
    public const int KeyLength = 250;

    /// <summary>Longest param, tag or summary value.</summary>
    public const int ValueLength = 64 * 1024;

    /// <summary>Longest name of a run.</summary>
    public const int NameLength = 1000;

    /// <summary>Longest console line; clients cut longer ones.</summary>
    public const int LogLineLength = 64 * 1024;

    /// <summary>Longest document.</summary>
    public const int DocumentLength = 32 * 1024 * 1024;

    /// <summary>Greatest number of a console line.</summary>
    public const long LogLines = 1_000_000_000;

    /// <summary>Throws <see cref="ErrorCode.InvalidArgument"/> naming the field at fault.</summary>
    public static void Check(RunUpdate update)
    {
        if (update.Params.Count > 1 && update.Params.DistinctBy(param => param.Key).Count() != update.Params.Count)
        {
            throw CairnException.Invalid("params", "'params' names a parameter twice. Name each once.");
        }

        for (var i = 0; i < update.Params.Count; i++)
        {
            CheckValue($"params.{Shorten(update.Params[i].Key)}", update.Params[i]);
        }

        foreach (var key in update.RemovedParams.Where(key => update.Params.Any(param => param.Key == key)))
        {
            throw CairnException.Invalid("params", $"'{Shorten(key)}' is both set and removed.");
        }

        for (var i = 0; i < update.Summary.Count; i++)
        {
            CheckValue($"summary.{Shorten(update.Summary[i].Key)}", update.Summary[i]);
        }

        for (var i = 0; i < update.Tags.Count; i++)
        {
            CheckKey("tags", update.Tags[i].Key);
            CheckLength($"tags.{update.Tags[i].Key}", update.Tags[i].Value, ValueLength);
        }

        string? checkedKey = null;
        for (var i = 0; i < update.Points.Count; i++)
        {
            var key = update.Points[i].Key;
            if (!ReferenceEquals(key, checkedKey) && !IsKey(key))
            {
                CheckKey($"points[{i}].key", key);
            }

            checkedKey = key;
        }

        for (var i = 0; i < update.Media.Count; i++)
        {
            CheckKey($"media[{i}].key", update.Media[i].Key);
            CheckLength($"media[{i}].caption", update.Media[i].Caption, ValueLength);
        }

        for (var i = 0; i < update.Logs.Count; i++)
        {
            CheckLine(i, update.Logs[i]);
        }

        Datasets.LinkRules.Check(update.Links);
        CheckName(update.Name);
        CheckLength("author", update.Author, KeyLength);
        CheckLength("jobType", update.JobType, KeyLength);
        CheckLength("group", update.Group, KeyLength);
        CheckDocuments(update);
    }

    /// <summary>A name may be absent; where it is given it must be showable.</summary>
    public static void CheckName(string? name)
    {
        CheckLength("name", name, NameLength);
        if (name is not null && name.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            throw CairnException.Invalid("name", "'name' contains a control character. Use a single line of text.");
        }
    }

    private static void CheckDocuments(RunUpdate update)
    {
        foreach (var document in update.Documents)
        {
            CheckKey("documents", document.Name);
            if (document.Json.Length > DocumentLength)
            {
                throw CairnException.Invalid(document.Name, $"'{document.Name}' has {document.Json.Length} characters; at most {DocumentLength} are kept. Log large values as a file.");
            }
        }

        foreach (var block in update.Lines)
        {
            if (block.First < 0 || block.First > LogLines - block.Count)
            {
                throw CairnException.Invalid("offset", $"The lines from {block.First} on cannot be kept: numbers go from 0 to {LogLines - 1}.");
            }
        }
    }

    private static void CheckValue(string field, Param param)
    {
        CheckKey(field, param.Key);
        CheckLength(field, param.Value, ValueLength);
    }

    private static void CheckLine(int index, LogLine line)
    {
        if (line.Line is < 0 or >= LogLines)
        {
            throw CairnException.Invalid($"logs[{index}].line", $"'logs[{index}].line' is {line.Line}: line numbers go from 0 to {LogLines - 1}.");
        }

        CheckLength($"logs[{index}].text", line.Text, LogLineLength);
    }

    private static void CheckKey(string field, string key)
    {
        if (!IsKey(key))
        {
            throw CairnException.Invalid(
                field,
                $"'{field}': the key '{Shorten(key)}' cannot be used. A key has 1 to {KeyLength} characters and no control characters.");
        }
    }

    private static bool IsKey(string key) =>
        key.Length is > 0 and <= KeyLength
        && !key.AsSpan().ContainsAnyInRange('\0', '\u001f')
        && UnicodeText.IsWellFormed(key);

    private static void CheckLength(string field, string? text, int longest)
    {
        if (text is null)
        {
            return;
        }

        if (text.Length > longest)
        {
            throw CairnException.Invalid(field, $"'{field}' has {text.Length} characters; at most {longest} are kept. Log long texts as a file.");
        }

        if (!UnicodeText.IsWellFormed(text))
        {
            throw CairnException.Invalid(field, $"'{field}' is not valid Unicode (it has half of a surrogate pair).");
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");
}
