using System.CommandLine;
using System.CommandLine.Parsing;
using Cairn.Projects;

namespace Cairn.Cli.Parsing;

/// <summary>"Did you mean" for commands and options.</summary>
internal static class Suggestions
{
    /// <summary>A sentence with a blank before it, or nothing.</summary>
    public static string For(ParseResult line)
    {
        var command = line.CommandResult.Command;
        return line.UnmatchedTokens.Select(word => For(word, command)).FirstOrDefault(hint => hint.Length > 0) ?? "";
    }

    /// <summary>
    /// An unknown option is no argument, though the parser takes it for one where an argument is free. What follows a
    /// bare "--" is an argument whatever it looks like.
    /// </summary>
    /// <exception cref="UsageException">There is one.</exception>
    public static void RefuseUnknownOptions(ParseResult line)
    {
        if (line.Tokens.Any(token => token.Type == TokenType.DoubleDash))
        {
            return;
        }

        var command = line.CommandResult.Command;
        var option = line.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .FirstOrDefault(word => word.Length > 1 && word[0] == '-');
        if (option is not null)
        {
            throw new UsageException($"There is no option '{option}'.{For(option, command)}\nSee: {HelpPage.Path(command)} --help");
        }
    }

    private static string For(string word, Command command)
    {
        var known = word.StartsWith('-')
            ? command.Options.Concat(Parents(command).SelectMany(parent => parent.Options.Where(option => option.Recursive)))
                .SelectMany(option => option.Aliases.Append(option.Name))
            : command.Subcommands.Select(child => child.Name);
        return Closest.To(word, known) is { } near ? $" Did you mean '{near}'?" : "";
    }

    private static IEnumerable<Command> Parents(Command command)
    {
        for (var at = command.Parents.OfType<Command>().FirstOrDefault(); at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            yield return at;
        }
    }
}
