using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Cairn.Projects.Reading;

/// <summary>
/// YAML text as a tree that knows where everything stands. Tags and types are not followed: the reader decides what a
/// scalar means. Later keys win over earlier equal ones, as in PyYAML, with a note.
/// </summary>
internal sealed partial class YamlDocument
{
    private const int MaxDepth = 64;
    private readonly Parser _parser;
    private readonly ProjectFindings _findings;
    private readonly bool _refusesTwice;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);

    private YamlDocument(string text, ProjectFindings findings, bool refusesTwice)
    {
        _refusesTwice = refusesTwice;
        _parser = new Parser(new StringReader(text));
        _findings = findings;
    }

    /// <summary>The first document; null for an empty file. A syntax error becomes a fault and throws.</summary>
    /// <param name="text">The text.</param>
    /// <param name="findings">Where faults and notes go.</param>
    /// <param name="refusesTwice">A key that is there twice is a fault and no note: for files that are of no other program.</param>
    public static YamlNode? Read(string text, ProjectFindings findings, bool refusesTwice = false)
    {
        try
        {
            return new YamlDocument(text, findings, refusesTwice).ReadRoot();
        }
        catch (YamlException e)
        {
            var lines = text.Split('\n');
            var (line, column) = (Math.Max(1, (int)e.Start.Line), Math.Max(1, (int)e.Start.Column));
            if (Array.FindIndex(lines, Math.Min(line, lines.Length) - 1, IsTabbed) is >= 0 and var tabbed
                && (tabbed <= Math.Max(line, (int)e.End.Line) || e.Message.Contains("tab", StringComparison.Ordinal)))
            {
                // The parser names the beginning of what the tab spoilt.
                (line, column) = (tabbed + 1, 1);
            }

            findings.Fault(line, column, null, Plain(e), Suggestion(e, lines.ElementAtOrDefault(line - 1) ?? ""));
            throw findings.Exception();
        }
    }

    private YamlNode? ReadRoot()
    {
        Expect<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return null;
        }

        Expect<DocumentStart>();
        var root = ReadNode(0);
        Expect<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out var more))
        {
            var start = _parser.Current!.Start;
            _findings.Note((int)start.Line, (int)start.Column, null, "A second YAML document follows; only the first is read.");
        }

        return root;
    }

    private T Expect<T>()
        where T : ParsingEvent => _parser.Consume<T>();

    private YamlNode ReadNode(int depth)
    {
        if (depth > MaxDepth)
        {
            var start = _parser.Current!.Start;
            throw new YamlException(start, start, "nested too deeply");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value.Value, out var target)
                ? target
                : throw new YamlException(alias.Start, alias.End, $"the alias '*{alias.Value}' has no anchor '&{alias.Value}' before it");
        }

        var first = _parser.Consume<NodeEvent>();
        var (line, column) = ((int)first.Start.Line, (int)first.Start.Column);
        YamlNode node = first switch
        {
            Scalar scalar => new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, line, column),
            SequenceStart => ReadSequence(depth, line, column),
            MappingStart => ReadMapping(depth, line, column),
            _ => throw new YamlException(first.Start, first.End, "unexpected YAML"),
        };
        if (!first.Anchor.IsEmpty)
        {
            _anchors[first.Anchor.Value] = node;
        }

        return node;
    }

    private YamlSequence ReadSequence(int depth, int line, int column)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new YamlSequence(items, line, column);
    }

    private YamlMapping ReadMapping(int depth, int line, int column)
    {
        var pairs = new List<YamlPair>();
        var merged = new List<YamlPair>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var keyStart = _parser.Current?.Start ?? Mark.Empty;
            if (ReadNode(depth + 1) is not YamlScalar key)
            {
                throw new YamlException(keyStart, keyStart, "a key must be text");
            }

            var value = ReadNode(depth + 1);
            if (key is { Text: "<<", Plain: true } && value is YamlMapping other)
            {
                merged.AddRange(other.Pairs);
                continue;
            }

            if (pairs.Find(pair => pair.Key.Text == key.Text) is { } before && _refusesTwice)
            {
                _findings.Fault(key, key.Text, $"The key is there twice, the first time in line {before.Key.Line}.", "Remove one of them.");
            }
            else if (pairs.RemoveAll(pair => pair.Key.Text == key.Text) > 0)
            {
                _findings.Note(key.Line, key.Column, key.Text, "The key is there twice; the last one counts.");
            }

            pairs.Add(new YamlPair(key, value));
        }

        pairs.AddRange(merged.Where(extra => pairs.TrueForAll(pair => pair.Key.Text != extra.Key.Text)));
        return new YamlMapping(pairs, line, column);
    }

    /// <summary>The parser's message in plain words, without the position it repeats.</summary>
    private static string Plain(YamlException e)
    {
        var message = (e.InnerException?.Message ?? e.Message).Trim().TrimEnd('.');
        return message.Length == 0
            ? "This is not valid YAML."
            : string.Create(CultureInfo.InvariantCulture, $"This is not valid YAML: {char.ToLowerInvariant(message[0])}{message[1..]}.");
    }

    /// <summary><c>depth:{type: int}</c>.</summary>
    [GeneratedRegex("""(?:^|[{,])\s*(?:-\s+)?([\w.-]+):([{["'])""")]
    private static partial Regex Glued();

    private static bool IsTabbed(string line) => line.AsSpan().TrimStart(' ') is ['\t', ..];

    private static string? Suggestion(YamlException e, string lineText)
    {
        if (lineText.Contains("{{", StringComparison.Ordinal) || lineText.Contains("{%", StringComparison.Ordinal))
        {
            return "Is this a template (cookiecutter, jinja) that has not been filled in yet? Text that begins with '{' needs quotes.";
        }

        if (IsTabbed(lineText))
        {
            return "The line is indented with a tab; YAML wants blanks.";
        }

        if (Glued().Match(lineText) is { Success: true } glued)
        {
            return $"A blank belongs after the colon: '{glued.Groups[1].Value}: {glued.Groups[2].Value}…'.";
        }

        if (lineText.Count(c => c == ':') > 1 || e.Message.Contains("mapping values", StringComparison.OrdinalIgnoreCase))
        {
            return "Text that holds a colon followed by a blank needs quotes: \"…: …\".";
        }

        if (lineText.Count(c => c is '"') % 2 == 1 || lineText.Count(c => c is '\'') % 2 == 1)
        {
            return "A quote seems to be left open on this line.";
        }

        return "Look at the indentation of this line and of the one before it.";
    }
}
