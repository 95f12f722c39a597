using System.CommandLine;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands.Access;

/// <summary><c>cairn permission</c>: who may do what with an experiment or a registered model.</summary>
internal sealed class PermissionCommand(CairnProgram program)
{
    private static readonly Option<string?> Experiment = new("--experiment") { Description = "Name or id of the experiment", HelpName = "NAME" };
    private static readonly Option<string?> Model = new("--model") { Description = "Name of the registered model", HelpName = "NAME" };
    private static readonly Argument<string> User = new("user") { Description = "Name of the user" };
    private static readonly Argument<string> Permission = new("permission") { Description = "READ, EDIT, MANAGE or NO_PERMISSIONS" };

    public Command Create()
    {
        var set = new CairnCommand(
            "set",
            "Say what a user may do.",
            "cairn permission set bob EDIT --experiment nyc_airbnb",
            "cairn permission set bob NO_PERMISSIONS --model churn") { User, Permission, Experiment, Model };
        set.SetAction((line, _) => SetAsync(line));
        var list = new CairnCommand("ls", "List what users were given.", "cairn permission ls --experiment nyc_airbnb") { Experiment, Model };
        list.SetAction((line, _) => ListAsync(line));
        var remove = new CairnCommand("rm", "Take back what was said of a user; the default holds again.", "cairn permission rm bob --experiment nyc_airbnb") { User, Experiment, Model };
        remove.SetAction((line, _) => RemoveAsync(line));
        return new CairnCommand("permission", "Say who may do what with an experiment or a model, on a server with users.") { set, list, remove };
    }

    private async Task<int> SetAsync(ParseResult line)
    {
        var (experiment, model) = Place(line);
        var (user, permission, stop) = (line.GetValue(User)!, line.GetValue(Permission)!.ToUpperInvariant(), program.Interrupts.Stop);
        await using var session = await program.ConnectAsync(line);
        var given = experiment is not null
            ? await session.Client.SetExperimentPermissionAsync(experiment, user, permission, stop)
            : await session.Client.SetModelPermissionAsync(model!, user, permission, stop);
        program.Terminal.WriteLine($"{program.Terminal.Ink.Accent(given.User)}  {given.Permission} on {experiment ?? model}");
        return ExitCodes.Ok;
    }

    private async Task<int> ListAsync(ParseResult line)
    {
        var (experiment, model) = Place(line);
        await using var session = await program.ConnectAsync(line);
        var given = experiment is not null
            ? await session.Client.ListExperimentPermissionsAsync(experiment, program.Interrupts.Stop)
            : await session.Client.ListModelPermissionsAsync(model!, program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(given, CairnJson.Default.PermissionList);
            return ExitCodes.Ok;
        }

        var table = new Table("USER", "PERMISSION");
        foreach (var one in given.Permissions)
        {
            table.Add(one.User, one.Permission);
        }

        table.Add("everybody else", experiment is null ? "as on its experiment" : given.Default);
        program.Terminal.WriteTable(table);
        return ExitCodes.Ok;
    }

    private async Task<int> RemoveAsync(ParseResult line)
    {
        var (experiment, model) = Place(line);
        var (user, stop) = (line.GetValue(User)!, program.Interrupts.Stop);
        await using var session = await program.ConnectAsync(line);
        await (experiment is not null
            ? session.Client.RemoveExperimentPermissionAsync(experiment, user, stop)
            : session.Client.RemoveModelPermissionAsync(model!, user, stop));
        return ExitCodes.Ok;
    }

    private static (string? Experiment, string? Model) Place(ParseResult line) => (line.GetValue(Experiment), line.GetValue(Model)) switch
    {
        ({ Length: > 0 } experiment, null) => (experiment, null),
        (null, { Length: > 0 } model) => (null, model),
        _ => throw new UsageException("Say on what: --experiment NAME or --model NAME."),
    };
}
