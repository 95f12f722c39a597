using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Cairn.Mlflow.ModelFiles;

/// <summary>
/// The text of a YAML document as maps, lists and texts, and nothing else: a tag, an anchor or an alias makes it unreadable,
/// so that no document can name a type or grow when it is read.
/// </summary>
internal static class YamlTree
{
    private const int Deepest = 32;
    private const int MostNodes = 50_000;

    /// <summary>A <see cref="Dictionary{TKey,TValue}"/>, a <see cref="List{T}"/>, a text or null (for a plain "null").</summary>
    /// <exception cref="YamlException">What it cannot read, and where.</exception>
    public static object? Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            return null;
        }

        parser.Consume<DocumentStart>();
        var nodes = 0;
        var root = ReadNode(parser, 0, ref nodes);
        parser.Consume<DocumentEnd>();
        return root;
    }

    private static object? ReadNode(Parser parser, int depth, ref int nodes)
    {
        var mark = parser.Current?.Start ?? Mark.Empty;
        if (depth > Deepest || ++nodes > MostNodes)
        {
            throw new YamlException(mark, mark, "too deep or too long");
        }

        if (parser.Accept<AnchorAlias>(out _))
        {
            throw new YamlException(mark, mark, "aliases are not read");
        }

        var node = parser.Consume<NodeEvent>();
        if (!node.Anchor.IsEmpty || (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific))
        {
            throw new YamlException(node.Start, node.End, "tags and anchors are not read");
        }

        return node switch
        {
            Scalar { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" } => null,
            Scalar scalar => scalar.Value,
            SequenceStart => ReadList(parser, depth, ref nodes),
            MappingStart => ReadMap(parser, depth, ref nodes),
            _ => throw new YamlException(node.Start, node.End, "unexpected YAML"),
        };
    }

    private static List<object?> ReadList(Parser parser, int depth, ref int nodes)
    {
        var items = new List<object?>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(parser, depth + 1, ref nodes));
        }

        return items;
    }

    private static Dictionary<string, object?> ReadMap(Parser parser, int depth, ref int nodes)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out var end))
        {
            var mark = parser.Current?.Start ?? Mark.Empty;
            var key = ReadNode(parser, depth + 1, ref nodes) as string ?? throw new YamlException(mark, mark, "a key is not a text");
            map[key] = ReadNode(parser, depth + 1, ref nodes);
        }

        return map;
    }
}
