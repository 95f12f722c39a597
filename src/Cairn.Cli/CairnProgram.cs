using System.CommandLine;
using System.CommandLine.Help;
using Cairn.Cli.Commands;
using Cairn.Cli.Commands.Access;
using Cairn.Cli.Commands.Accounts;
using Cairn.Cli.Commands.Pipelines;
using Cairn.Cli.Commands.Promotion;
using Cairn.Cli.Commands.Triggers;
using Cairn.Cli.Hosting;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;

namespace Cairn.Cli;

/// <summary>The program: its commands, what they share, and how every fault becomes a sentence and an exit code.</summary>
internal sealed class CairnProgram
{
    public Terminal Terminal { get; } = new();

    public Interrupts Interrupts { get; } = new();

    public async Task<int> RunAsync(string[] arguments)
    {
        var json = arguments.Contains("--json");
        try
        {
            // "@file" is not read: it may be the name of an artifact.
            var line = Commands().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            Suggestions.RefuseUnknownOptions(line);
            if (line.Errors.Count > 0)
            {
                throw new UsageException(Suggestions.Fault(line));
            }

            return await line.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                CancellationToken.None);
        }
        catch (Exception fault) when (Failure.Of(fault) is { } failure)
        {
            return failure.Tell(Terminal, json);
        }
        finally
        {
            Interrupts.Dispose();
        }
    }

    /// <summary>Runs another command in place of one, against the same server.</summary>
    public Task<int> AgainAsync(ParseResult line, IReadOnlyList<string> arguments)
    {
        string[] server = line.GetValue(GlobalOptions.Url) is { } url ? ["--url", url] : line.GetValue(GlobalOptions.Data) is { } data ? ["--data", Path.GetFullPath(data)] : [];
        string[] json = WantsJson(line) ? ["--json"] : [];
        return Commands().Parse([.. arguments, .. server, .. json], new ParserConfiguration { ResponseFileTokenReplacer = null }).InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, CancellationToken.None);
    }

    /// <summary>Opens the server that the options and the environment name.</summary>
    public Task<ServerSession> ConnectAsync(ParseResult line) =>
        ServerSession.OpenAsync(line.GetValue(GlobalOptions.Url), line.GetValue(GlobalOptions.Data), Terminal, Interrupts.Stop);

    /// <summary>True where standard output is to hold JSON.</summary>
    public static bool WantsJson(ParseResult line) => line.GetValue(GlobalOptions.Json);

    private RootCommand Commands()
    {
        var help = new HelpPage(Terminal);
        var root = new RootCommand("Cairn: run machine learning projects, record them, version what they make.")
        {
            GlobalOptions.Url,
            GlobalOptions.Data,
            GlobalOptions.Json,
            new RunCommand(this).Create(),
            new PipelineCommand(this).Create(),
            new ResumeCommand(this).Create(),
            new CheckCommand(this).Create(),
            new EnvCommand(this).Create(),
            new ServerCommand(this).Create(),
            new RunsCommand(this).Create(),
            new ArtifactCommand(this).Create(),
            new GateCommand(this).Create(),
            new PromoteCommand(this).CreatePromote(),
            new PromoteCommand(this).CreateApprove(),
            new PromoteCommand(this).CreateRollback(),
            new TriggerCommand(this).Create(),
            new WorkerCommand(this).Create(),
            new WebhookCommand(this).Create(),
            new UserCommand(this).Create(),
            new KeyCommand(this).Create(),
            new PermissionCommand(this).Create(),
            new ImportCommand(this).Create(),
            new ExportCommand(this).Create(),
            new GcCommand(this).Create(),
            new DoctorCommand(this).Create(),
            new VersionCommand(this).Create(),
        };
        foreach (var option in root.Options)
        {
            if (option is HelpOption)
            {
                option.Action = help;
            }
        }

        foreach (var version in root.Options.OfType<VersionOption>().ToArray())
        {
            version.Action = new VersionAction(this);
        }

        SetHelpForGroups(root, help);
        return root;
    }

    /// <summary>A command that only groups others shows its help when it is called alone.</summary>
    private static void SetHelpForGroups(Command command, HelpPage help)
    {
        if (command.Subcommands.Count > 0 && command.Action is null)
        {
            command.SetAction(help.Invoke);
        }

        foreach (var child in command.Subcommands)
        {
            SetHelpForGroups(child, help);
        }
    }
}
