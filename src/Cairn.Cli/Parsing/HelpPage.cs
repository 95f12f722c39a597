using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Text;
using Cairn.Cli.Output;

namespace Cairn.Cli.Parsing;

/// <summary>Help in the house's own layout: what it is, how to write it, examples, options.</summary>
internal sealed class HelpPage(Terminal terminal) : SynchronousCommandLineAction
{
    private const int Indent = 2;
    private const int LongestTerm = 30;

    public override int Invoke(ParseResult parseResult)
    {
        terminal.Write(Render(parseResult.CommandResult.Command));
        return ExitCodes.Ok;
    }

    /// <summary>Help is asked for, whatever else is wrong with the line.</summary>
    public override bool ClearsParseErrors => true;

    public string Render(Command command)
    {
        var page = new StringBuilder();
        page.Append(command.Description).Append("\n\n");
        Heading(page, "Usage");
        page.Append(' ', Indent).Append(Usage(command)).Append('\n');
        if (command is CairnCommand { Examples: [_, ..] examples })
        {
            Heading(page, "Examples", before: true);
            foreach (var example in examples)
            {
                var (line, what) = example.Split("  # ") is [var typed, var comment] ? (typed, $"  # {comment}") : (example, "");
                page.Append(' ', Indent).Append(terminal.Ink.Accent(line)).Append(terminal.Ink.Dim(what)).Append('\n');
            }
        }

        Section(page, "Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name + Arguments(c), FirstSentence(c.Description))));
        Section(page, "Arguments", command.Arguments.Select(argument => ($"<{argument.Name}>", argument.Description ?? "")));
        Section(page, "Options", command.Options.Where(option => !option.Recursive && option is not (HelpOption or VersionOption) && !option.Hidden).Select(Term));
        Section(page, "Options of every command", Recursive(command).Select(Term).Append(("-h, --help", "Show this page")));
        if (command.Parents.OfType<Command>().FirstOrDefault() is null)
        {
            Section(page, "Exit codes", ExitCodes.All.Select(exit => (exit.Code.ToString(CultureInfo.InvariantCulture), exit.Meaning)));
            page.Append($"\n{terminal.Ink.Dim("cairn COMMAND --help tells more about a command.")}\n");
        }

        return page.ToString();
    }

    private static string Usage(Command command)
    {
        var usage = Path(command);
        return command.Subcommands.Count > 0
            ? $"{usage} COMMAND …"
            : $"{usage}{Arguments(command)} [options]";
    }

    /// <summary>"cairn artifact put".</summary>
    public static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : command.Name;

    private static string Arguments(Command command) => string.Concat(command.Arguments.Select(argument =>
        (argument.Arity.MinimumNumberOfValues, argument.Arity.MaximumNumberOfValues > 1) switch
        {
            (0, false) => $" [{argument.Name}]",
            (0, true) => $" [{argument.Name}…]",
            (_, true) => $" <{argument.Name}…>",
            _ => $" <{argument.Name}>",
        }));

    private static IEnumerable<Option> Recursive(Command command)
    {
        for (var at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            foreach (var option in at.Options.Where(option => option.Recursive && option is not HelpOption and not VersionOption))
            {
                yield return option;
            }
        }
    }

    private static (string, string) Term(Option option)
    {
        var names = option.Aliases.Where(alias => alias.Length == 2).Concat(option.Name.Length > 0 ? [option.Name] : Array.Empty<string>()).Distinct();
        var value = option.ValueType == typeof(bool) ? "" : $" {option.HelpName ?? option.Name.TrimStart('-').ToUpperInvariant()}";
        return (string.Join(", ", names) + value, option.Description ?? "");
    }

    private void Section(StringBuilder page, string title, IEnumerable<(string Term, string Text)> rows)
    {
        var all = rows.ToArray();
        if (all.Length > 0)
        {
            Heading(page, title, before: true);
            Terms(page, all, LongestTerm);
        }
    }

    private void Heading(StringBuilder page, string title, bool before = false) =>
        page.Append(before ? "\n" : "").Append(terminal.Ink.Bold(title)).Append('\n');

    private void Terms(StringBuilder page, IEnumerable<(string Term, string Text)> rows, int longest)
    {
        var all = rows.ToArray();
        var column = Math.Min(longest, all.Max(row => TextWidth.Of(row.Term))) + Indent + 2;
        foreach (var (term, text) in all)
        {
            page.Append(' ', Indent).Append(terminal.Ink.Accent(term));
            var at = Indent + TextWidth.Of(term);
            if (at + 2 > column)
            {
                page.Append('\n');
                at = 0;
            }

            page.Append(' ', column - at).Append(Wrapped(text, column)).Append('\n');
        }
    }

    private string Wrapped(string text, int column)
    {
        var width = Math.Max(30, (terminal.Width ?? 100) - column);
        var wrapped = new StringBuilder();
        var used = 0;
        foreach (var word in text.Split(' '))
        {
            if (used > 0 && used + 1 + word.Length > width)
            {
                wrapped.Append('\n').Append(' ', column);
                used = 0;
            }

            wrapped.Append(used > 0 ? " " : "").Append(word);
            used += word.Length + (used > 0 ? 1 : 0);
        }

        return wrapped.ToString();
    }

    private static string FirstSentence(string? text) => (text ?? "").Split(". ")[0].TrimEnd('.');
}
