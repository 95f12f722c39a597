using System.Text;

namespace Cairn.Projects.Binding;

internal enum ShellFrameKind
{
    /// <summary>The command line itself.</summary>
    Base,

    /// <summary><c>$( … )</c>, <c>( … )</c>, <c>&lt;( … )</c>.</summary>
    Parentheses,

    /// <summary><c>` … `</c></summary>
    Backticks,

    /// <summary><c>" … "</c></summary>
    DoubleQuotes,

    /// <summary><c>${ … }</c></summary>
    Braces,

    /// <summary><c>$(( … ))</c>, <c>(( … ))</c></summary>
    Arithmetic,
}

/// <summary>One level of shell syntax, with the words of the simple command that is being read there.</summary>
internal sealed class ShellFrame(ShellFrameKind kind)
{
    private StringBuilder? _word;

    public ShellFrameKind Kind { get; } = kind;

    public bool HoldsCommands => Kind is ShellFrameKind.Base or ShellFrameKind.Parentheses or ShellFrameKind.Backticks;

    /// <summary>Finished words of the current simple command, without their quotes.</summary>
    public List<string> Words { get; } = [];

    /// <summary>The word being read; null between words.</summary>
    public string? Word => _word?.ToString();

    /// <summary>Between <c>[[</c> and <c>]]</c>, where bash evaluates operands of -eq as arithmetic.</summary>
    public bool InTest { get; private set; }

    /// <summary>Open parentheses of arithmetic.</summary>
    public int Depth { get; set; }

    public void Add(char c) => (_word ??= new StringBuilder()).Append(c);

    public void BeginWord() => _word ??= new StringBuilder();

    public void EndWord()
    {
        if (_word is null)
        {
            return;
        }

        var word = _word.ToString();
        _word = null;
        InTest = word == "[[" || (InTest && word != "]]");
        Words.Add(word);
    }

    public void EndCommand()
    {
        EndWord();
        Words.Clear();
    }

    /// <summary>The danger that this level is for a value standing in it, now.</summary>
    public Hazard? Hazard() => Kind switch
    {
        ShellFrameKind.Backticks => new Hazard("inside `…` (write $(…) instead)", Harmless.Words),
        ShellFrameKind.Braces => new Hazard("inside ${…}", Harmless.Word),
        ShellFrameKind.Arithmetic => new Hazard("in shell arithmetic", Harmless.Number),
        _ when InTest => new Hazard("inside [[ … ]] (write [ … ] instead)", Harmless.Words),
        _ when Words.Count == 0 && Word?.Contains('[', StringComparison.Ordinal) == true => new Hazard("in an array index", Harmless.Number),
        _ when HoldsCommands && NestedCode.Reader(Words, Word) is { } reader => new Hazard($"in text that '{reader}' runs", Harmless.Words),
        _ => null,
    };
}
