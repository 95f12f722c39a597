using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using System.Runtime.InteropServices;
using Cairn.Cli.Parsing;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn version</c>, <c>cairn --version</c>.</summary>
internal sealed class VersionCommand(CairnProgram program)
{
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public Command Create()
    {
        var command = new CairnCommand("version", "Show the version of Cairn.", "cairn version", "cairn version --json  # with runtime and platform");
        command.SetAction(line => Show(CairnProgram.WantsJson(line)));
        return command;
    }

    public int Show(bool json)
    {
        if (json)
        {
            program.Terminal.WriteJson(
                new VersionReport(Version, RuntimeInformation.FrameworkDescription, RuntimeInformation.RuntimeIdentifier), CliJson.Default.VersionReport);
        }
        else
        {
            program.Terminal.WriteLine($"cairn {Version}");
        }

        return ExitCodes.Ok;
    }
}

/// <summary>The same for the option.</summary>
internal sealed class VersionAction(CairnProgram program) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult) => new VersionCommand(program).Show(CairnProgram.WantsJson(parseResult));
}
