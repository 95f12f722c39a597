namespace Cairn.Projects.Reading;

/// <summary>A piece of YAML with its place in the file.</summary>
internal abstract record YamlNode(int Line, int Column)
{
    /// <summary>"a list", "text": for messages.</summary>
    public abstract string Kind { get; }
}

internal sealed record YamlScalar(string Text, bool Plain, int Line, int Column) : YamlNode(Line, Column)
{
    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Kind => IsNull ? "nothing" : "text";
}

internal sealed record YamlSequence(IReadOnlyList<YamlNode> Items, int Line, int Column) : YamlNode(Line, Column)
{
    public override string Kind => "a list";
}

internal sealed record YamlMapping(IReadOnlyList<YamlPair> Pairs, int Line, int Column) : YamlNode(Line, Column)
{
    public override string Kind => "a mapping";

    public YamlPair? Find(string key) => Pairs.FirstOrDefault(pair => pair.Key.Text == key);
}

internal sealed record YamlPair(YamlScalar Key, YamlNode Value);
