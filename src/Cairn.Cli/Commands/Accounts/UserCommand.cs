using System.CommandLine;
using Cairn.Cli.Hosting;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands.Accounts;

/// <summary><c>cairn user</c>: who may use the server.</summary>
internal sealed class UserCommand(CairnProgram program)
{
    private static readonly Argument<string> Name = new("name") { Description = "Letters a-z, digits and . _ - @ +" };
    private static readonly Option<bool> Admin = new("--admin") { Description = "May do everything, and manage users; the first user must be one" };
    private static readonly Option<bool> Off = new("--off") { Description = "Take the right away" };
    private static readonly Option<bool> FromInput = new("--password-stdin") { Description = "Read the password from standard input (default: one is made and printed once)" };

    public Command Create()
    {
        var add = new CairnCommand("add", "Add a user.", "cairn user add ada --admin", "cairn user add bo --password-stdin < password.txt") { Name, Admin, FromInput };
        add.SetAction((line, _) => AddAsync(line));
        var list = new CairnCommand("ls", "List users.");
        list.SetAction((line, _) => ListAsync(line));
        var admin = new CairnCommand("admin", "Make a user an admin, or take that away.", "cairn user admin bo", "cairn user admin bo --off") { Name, Off };
        admin.SetAction((line, _) => ChangeAsync(line, new ChangeUserRequest(IsAdmin: !line.GetValue(Off))));
        var deactivate = new CairnCommand("deactivate", "Accept no password, key or session of a user any more, at once.") { Name };
        deactivate.SetAction((line, _) => ChangeAsync(line, new ChangeUserRequest(IsActive: false)));
        var activate = new CairnCommand("activate", "Accept a user again.") { Name };
        activate.SetAction((line, _) => ChangeAsync(line, new ChangeUserRequest(IsActive: true)));
        var password = new CairnCommand("password", "Give a user another password.", "cairn user password bo") { Name, FromInput };
        password.SetAction((line, _) => SetPasswordAsync(line));
        var remove = new CairnCommand("rm", "Remove a user with all keys and permissions. What the user made stays.", "cairn user rm bo") { Name };
        remove.SetAction((line, _) => RemoveAsync(line));
        return new CairnCommand("user", "Say who may use the server. A server with users asks everybody who they are.") { add, list, admin, deactivate, activate, password, remove };
    }

    private async Task<int> AddAsync(ParseResult line)
    {
        var password = Password(line);
        await using var session = await Connect(line);
        var added = await session.Client.AddUserAsync(new AddUserRequest(line.GetValue(Name)!, password, line.GetValue(Admin)), program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(added, CairnJson.Default.AddedUser);
            return ExitCodes.Ok;
        }

        program.Terminal.WriteLine($"{program.Terminal.Ink.Accent(added.User.Name)}{(added.User.IsAdmin ? "  admin" : "")}");
        TellPassword(added.Password);
        return ExitCodes.Ok;
    }

    private async Task<int> ListAsync(ParseResult line)
    {
        await using var session = await Connect(line);
        var users = await session.Client.ListUsersAsync(program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new UserList(users), CairnJson.Default.UserList);
            return ExitCodes.Ok;
        }

        if (users.Count == 0)
        {
            program.Terminal.Say("No users: whoever reaches the server, or has its key, may do everything. Add the first with: cairn user add NAME --admin");
            return ExitCodes.Ok;
        }

        var now = TimeProvider.System.GetUtcNow();
        var table = new Table("NAME", "RIGHTS", "STATE", "ADDED");
        foreach (var user in users)
        {
            table.Add(user.Name, user.IsAdmin ? "admin" : "user", user.IsActive ? "active" : "deactivated", Shown.Ago(user.CreatedAt, now));
        }

        program.Terminal.WriteTable(table);
        return ExitCodes.Ok;
    }

    private async Task<int> ChangeAsync(ParseResult line, ChangeUserRequest change)
    {
        await using var session = await Connect(line);
        var user = await session.Client.ChangeUserAsync(line.GetValue(Name)!, change, program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(user, CairnJson.Default.UserInfo);
            return ExitCodes.Ok;
        }

        program.Terminal.WriteLine($"{program.Terminal.Ink.Accent(user.Name)}  {(user.IsAdmin ? "admin" : "user")}, {(user.IsActive ? "active" : "deactivated")}");
        return ExitCodes.Ok;
    }

    private async Task<int> SetPasswordAsync(ParseResult line)
    {
        var password = Password(line);
        await using var session = await Connect(line);
        var made = await session.Client.SetPasswordAsync(line.GetValue(Name)!, new SetPasswordRequest(password), program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new SetPasswordAnswer(made), CairnJson.Default.SetPasswordAnswer);
            return ExitCodes.Ok;
        }

        TellPassword(made);
        return ExitCodes.Ok;
    }

    private async Task<int> RemoveAsync(ParseResult line)
    {
        await using var session = await Connect(line);
        var name = line.GetValue(Name)!;
        var held = await session.Client.GetHoldingsAsync(name, program.Interrupts.Stop);
        await session.Client.RemoveUserAsync(name, program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(held, CairnJson.Default.UserHoldings);
            return ExitCodes.Ok;
        }

        program.Terminal.WriteLine($"{program.Terminal.Ink.Accent(name)}  removed with {held.Keys} {(held.Keys == 1 ? "key" : "keys")}; what the user made stays, under that name");
        if (held.Experiments + held.Models > 0)
        {
            var names = string.Join(", ", held.Names.Select(TextWidth.Safe)) + (held.Names.Count < held.Experiments + held.Models ? ", …" : "");
            program.Terminal.Say($"Only admins manage now: {names}. Give it to somebody with: cairn permission set USER MANAGE --experiment NAME (--model NAME)");
        }

        return ExitCodes.Ok;
    }

    private Task<ServerSession> Connect(ParseResult line) => program.ConnectAsync(line);

    // Not as an argument: command lines are seen by everybody on the machine and kept in histories.
    private static string? Password(ParseResult line) => !line.GetValue(FromInput) ? null
        : Console.In.ReadLine() is { Length: > 0 } password ? password
        : throw new UsageException("--password-stdin: there is no line on standard input.");

    private void TellPassword(string? made)
    {
        if (made is not null)
        {
            program.Terminal.Say(program.Terminal.ErrorInk.Dim("The password, which is shown this once:"));
            program.Terminal.WriteLine(made);
        }
    }
}
