namespace Cairn.Projects.Binding;

/// <summary>How the quoting stands around a place.</summary>
internal enum Quoting
{
    /// <summary>No quotes are open: the value is quoted as a word (or joins the word it touches).</summary>
    Bare,

    /// <summary>Single quotes are open.</summary>
    Single,

    /// <summary>Double quotes are open.</summary>
    Double,

    /// <summary>Nothing is added; only for places whose hazard allows single words.</summary>
    Literal,

    /// <summary>In a comment: the place stays as it is written.</summary>
    Comment,
}

/// <summary>Where a value goes and what has to be done to it there.</summary>
/// <param name="Quoting">The quotes around it.</param>
/// <param name="Hazard">Set where not every value is possible.</param>
internal readonly record struct ShellPlace(Quoting Quoting, Hazard? Hazard)
{
    /// <summary>The shell text of <paramref name="value"/> in this place.</summary>
    /// <exception cref="ProjectException">The value is not possible here.</exception>
    public string Render(string name, string value)
    {
        if (Quoting == Quoting.Comment)
        {
            return $"{{{name}}}";
        }

        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw new ProjectException($"Parameter '{name}' holds a NUL character, which no command line can carry.");
        }

        if (Hazard is not null && !Hazard.Allows(value))
        {
            throw new ProjectException(
                $"Parameter '{name}' cannot have the value '{value}': in the command it stands {Hazard.Where}, where it would be read as code. "
                + $"There only {Hazard.Allowed.Name()} are safe. Hand it over as an argument or a variable instead, as in: sh -c '… \"$1\"' sh {{{name}}}");
        }

        return Quoting switch
        {
            Quoting.Literal => value,
            Quoting.Single => ShellText.InSingleQuotes(value),
            Quoting.Double => ShellText.InDoubleQuotes(value),
            _ => ShellText.Word(value),
        };
    }
}
