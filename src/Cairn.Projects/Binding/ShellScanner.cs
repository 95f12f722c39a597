namespace Cairn.Projects.Binding;

/// <summary>
/// Reads a command line as a shell does, just far enough to know for every place which quotes are open around it and
/// who will read it.
///
/// Exact are: bare words, '…', "…", $(…), (…), comments, escapes. Where a shell's own rules are murky (backticks,
/// ${…}, arithmetic, here-documents, $'…' with escapes, `case` inside $(…)) nothing is guessed: the place, or all
/// places from there on, take only values that are harmless under every reading (<see cref="Hazard"/>).
/// </summary>
internal sealed class ShellScanner
{
    private readonly List<TemplateAtom> _atoms;
    private readonly Stack<ShellFrame> _frames = new([new ShellFrame(ShellFrameKind.Base)]);
    private readonly Dictionary<int, ShellPlace> _places = [];
    private Hazard? _murky;
    private int _at;

    private ShellScanner(List<TemplateAtom> atoms) => _atoms = atoms;

    /// <summary>Places by index into the atoms, and the place where further arguments would go (null: they cannot).</summary>
    public sealed record Result(IReadOnlyDictionary<int, ShellPlace> Places, ShellPlace? Tail);

    /// <exception cref="ProjectException">Quotes or parentheses stay open, or a place follows <c>$</c>.</exception>
    public static Result Scan(List<TemplateAtom> atoms) => new ShellScanner(atoms).Scan();

    private Result Scan()
    {
        var commented = false;
        for (; _at < _atoms.Count; _at++)
        {
            var frame = _frames.Peek();
            if (_atoms[_at].IsPlace)
            {
                TakePlace(frame);
            }
            else if (frame.HoldsCommands)
            {
                commented = ScanCommand(frame);
            }
            else
            {
                ScanOther(frame);
            }
        }

        if (_frames.Count > 1 && _murky is null)
        {
            throw new ProjectException($"The command ends while {Open(_frames.Peek().Kind)} is still open.");
        }

        var last = _frames.Peek();
        if (commented || _murky is not null || (last.Words.Count == 0 && last.Word is null))
        {
            return new Result(_places, null);
        }

        last.EndWord();
        return new Result(_places, new ShellPlace(Quoting.Bare, HazardHere()));
    }

    private void TakePlace(ShellFrame frame)
    {
        var before = Before();
        if (before == '$')
        {
            var name = _atoms[_at].Name;
            throw new ProjectException($"'${{{name}}}' puts the parameter right behind a '$'. Write '{{{name}}}' for the parameter, or '${{{{{name}}}}}' for the shell's variable.");
        }

        var hazard = HazardHere();
        if (before == '\\' && OddBackslashes())
        {
            hazard = Hazard.Stricter(hazard, new Hazard("right behind a backslash", Harmless.Word));
        }

        var literal = hazard?.Allowed > Harmless.Words;
        var quoting = literal ? Quoting.Literal : frame.Kind == ShellFrameKind.DoubleQuotes ? Quoting.Double : Quoting.Bare;
        _places[_at] = new ShellPlace(quoting, hazard);
        Commands().BeginWord();
    }

    /// <summary>One character where commands are read; true where a comment was taken that ends the text.</summary>
    private bool ScanCommand(ShellFrame frame)
    {
        var c = _atoms[_at].Char;
        switch (c)
        {
            case '\\':
                ScanEscape(frame);
                break;
            case '\'':
                ScanSingleQuotes(frame, Quoting.Single, HazardHere());
                break;
            case '"':
                frame.BeginWord();
                Push(ShellFrameKind.DoubleQuotes);
                break;
            case '$':
                ScanDollar(frame);
                break;
            case '`':
                ScanBacktick();
                break;
            case '#' when frame.Word is null:
                return ScanComment();
            case ' ' or '\t':
                EndWord(frame);
                break;
            case '&' when Next(1) == '>':
                EndWord(frame);
                break;
            case '\n' or ';' or '&' or '|':
                EndWord(frame);
                frame.EndCommand();
                break;
            case '(':
                ScanOpen(frame);
                break;
            case ')':
                EndWord(frame);
                frame.EndCommand();
                if (frame.Kind == ShellFrameKind.Parentheses)
                {
                    Pop();
                }

                break;
            case '<' when Next(1) == '<' && Next(2) != '<':
                Murky("after a here-document (<<)");
                EndWord(frame);
                break;
            case '<' or '>':
                // Nor may a part of "<<<", ">&" or ">|" be taken for an operator of its own.
                _at += c == '<' && Next(1) == '<' ? 2 : Next(1) is '&' or '|' ? 1 : 0;
                EndWord(frame);
                break;
            default:
                frame.Add(c);
                break;
        }

        return false;
    }

    private void ScanOther(ShellFrame frame)
    {
        var c = _atoms[_at].Char;
        if (c == '`')
        {
            ScanBacktick();
            return;
        }

        switch (frame.Kind)
        {
            case ShellFrameKind.DoubleQuotes when c == '"':
                Pop();
                break;
            case ShellFrameKind.DoubleQuotes when c == '\\' && Next(1) is { } next:
                Commands().Add(next);
                _at++;
                break;
            case ShellFrameKind.DoubleQuotes when c == '$':
                ScanDollar(Commands());
                break;
            case ShellFrameKind.Braces or ShellFrameKind.Arithmetic when c is '\'' or '"' or '\\' or ';' or '\n':
                Murky("after quotes inside ${…} or $((…))");
                break;
            case ShellFrameKind.Braces when c == '}':
                Commands().Add(c);
                Pop();
                break;
            case ShellFrameKind.Braces or ShellFrameKind.Arithmetic when c == '$':
                ScanDollar(Commands());
                break;
            case ShellFrameKind.Arithmetic when c is '(' or ')':
                frame.Depth += c == '(' ? 1 : -1;
                if (frame.Depth == 0)
                {
                    Pop();
                }

                break;
            default:
                Commands().Add(c);
                break;
        }
    }

    private void ScanEscape(ShellFrame frame)
    {
        if (Next(1) is not { } next)
        {
            return;
        }

        _at++;
        if (next != '\n')
        {
            frame.Add(next);
        }
    }

    private void ScanSingleQuotes(ShellFrame frame, Quoting quoting, Hazard? hazard)
    {
        frame.BeginWord();
        var inBackticks = _frames.Any(level => level.Kind == ShellFrameKind.Backticks);
        for (_at++; _at < _atoms.Count; _at++)
        {
            var (c, name) = _atoms[_at];
            if (name is not null)
            {
                // Who reads the word may depend on what stands in it ("-c…").
                hazard = Hazard.Stricter(hazard, HazardHere());
                _places[_at] = new ShellPlace(hazard?.Allowed > Harmless.Words ? Quoting.Literal : quoting, hazard);
            }
            else if (c == '\'')
            {
                return;
            }
            else if (c == '`' && inBackticks)
            {
                _at--;
                return;
            }
            else
            {
                if (c == '\\' && quoting == Quoting.Literal)
                {
                    Murky("after an escape inside $'…'");
                }

                frame.Add(c);
            }
        }

        if (_murky is null)
        {
            throw new ProjectException("The command ends while a single quote (') is still open.");
        }
    }

    private void ScanDollar(ShellFrame words)
    {
        words.BeginWord();
        var quoted = _frames.Peek().Kind == ShellFrameKind.DoubleQuotes;
        switch (Next(1))
        {
            case '(' when Next(2) == '(':
                _at += 2;
                Push(ShellFrameKind.Arithmetic).Depth = 2;
                break;
            case '(':
                _at++;
                Push(ShellFrameKind.Parentheses);
                break;
            case '{':
                _at++;
                words.Add('$');
                words.Add('{');
                Push(ShellFrameKind.Braces);
                break;
            case '[':
                // bash's old arithmetic $[ … ]: no telling where it ends without parsing it.
                Murky("after $[…] (write $((…)) instead)");
                break;
            case '\'' when !quoted && _frames.Peek().HoldsCommands:
                _at++;
                ScanSingleQuotes(words, Quoting.Literal, Hazard.Stricter(HazardHere(), new Hazard("inside $'…'", Harmless.Word)));
                break;
            case '#' or '$' or '?' or '!' or '*' or '@' or '-':
                words.Add('$');
                words.Add(Next(1)!.Value);
                _at++;
                break;
            default:
                words.Add('$');
                break;
        }
    }

    /// <summary>A backtick ends the innermost <c>`…`</c> whatever is open inside it, else it begins one.</summary>
    private void ScanBacktick()
    {
        if (_frames.All(frame => frame.Kind != ShellFrameKind.Backticks))
        {
            Commands().BeginWord();
            Push(ShellFrameKind.Backticks);
            return;
        }

        while (_frames.Pop().Kind != ShellFrameKind.Backticks)
        {
        }
    }

    /// <summary>Comments run to the end of the line (or of the backticks around them).</summary>
    private bool ScanComment()
    {
        var inBackticks = _frames.Any(frame => frame.Kind == ShellFrameKind.Backticks);
        for (; _at < _atoms.Count; _at++)
        {
            if (_atoms[_at].IsPlace)
            {
                _places[_at] = new ShellPlace(Quoting.Comment, null);
            }
            else if (_atoms[_at].Char == '\n' || (_atoms[_at].Char == '`' && inBackticks))
            {
                _at--;
                return false;
            }
        }

        return true;
    }

    private void ScanOpen(ShellFrame frame)
    {
        EndWord(frame);
        if (Next(1) == '(')
        {
            // It may also be a subshell in a subshell; the stricter reading is safe for both.
            _at++;
            Push(ShellFrameKind.Arithmetic).Depth = 2;
            return;
        }

        Push(ShellFrameKind.Parentheses);
    }

    private void EndWord(ShellFrame frame)
    {
        // The ")" of a pattern would be taken for the end of the substitution.
        if (_frames.Count > 1 && frame.Word == "case")
        {
            Murky("after a 'case' inside $(…)");
        }

        frame.EndWord();
    }

    private ShellFrame Push(ShellFrameKind kind)
    {
        var frame = new ShellFrame(kind);
        _frames.Push(frame);
        return frame;
    }

    private void Pop() => _frames.Pop();

    private void Murky(string where) => _murky ??= new Hazard(where, Harmless.Word);

    private Hazard? HazardHere() => _frames.Aggregate(_murky, (hazard, frame) => Hazard.Stricter(hazard, frame.Hazard()));

    /// <summary>The level whose words the current text belongs to.</summary>
    private ShellFrame Commands() => _frames.First(frame => frame.HoldsCommands);

    private char? Next(int offset) =>
        _at + offset < _atoms.Count && !_atoms[_at + offset].IsPlace ? _atoms[_at + offset].Char : null;

    private char? Before() => _at > 0 && !_atoms[_at - 1].IsPlace ? _atoms[_at - 1].Char : null;

    private bool OddBackslashes()
    {
        var count = 0;
        while (_at - count > 0 && _atoms[_at - count - 1] is { IsPlace: false, Char: '\\' })
        {
            count++;
        }

        return count % 2 == 1;
    }

    private static string Open(ShellFrameKind kind) => kind switch
    {
        ShellFrameKind.DoubleQuotes => "a double quote (\")",
        ShellFrameKind.Backticks => "a backtick (`)",
        ShellFrameKind.Braces => "a '${'",
        ShellFrameKind.Arithmetic => "a '$(('",
        _ => "a parenthesis",
    };
}
