using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Cairn.Projects;

namespace Cairn.Cli.Parsing;

/// <summary>"Did you mean" for commands and options.</summary>
internal static partial class Suggestions
{
    /// <summary>What is wrong with a line that could not be read, and where its help is.</summary>
    public static string Fault(ParseResult line)
    {
        var command = line.CommandResult.Command;
        foreach (var word in line.UnmatchedTokens)
        {
            if (For(word, command) is { Length: > 0 } hint)
            {
                return $"{Plain(line.Errors[0].Message)}{hint}\nSee: {HelpPage.Path(command)} --help";
            }

            // "pipelin run" is read as the command "run" with a word too much.
            if (Parents(command).FirstOrDefault(parent => For(word, parent).Length > 0) is { } above)
            {
                return $"There is no command '{word}'.{For(word, above)}\nSee: {HelpPage.Path(above)} --help";
            }
        }

        return $"{Plain(line.Errors[0].Message)}\nSee: {HelpPage.Path(command)} --help";
    }

    /// <summary>The parser names types of its own language.</summary>
    private static string Plain(string message)
    {
        var typed = Typed().Match(message);
        return typed.Success
            ? $"{typed.Groups["option"].Value} '{typed.Groups["value"].Value}' is not {(typed.Groups["type"].Value.Contains("Int", StringComparison.Ordinal) ? "a whole number" : typed.Groups["type"].Value.Contains("Bool", StringComparison.Ordinal) ? "true or false" : "a number")}."
            : $"{message.TrimEnd('.')}.";
    }

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for (option|command) '(?<option>[^']*)' as expected type '(?<type>.*)'", RegexOptions.Singleline)]
    private static partial Regex Typed();

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
