using System.CommandLine;
using System.Globalization;
using Cairn.Cli.Hosting;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands.Accounts;

/// <summary><c>cairn key</c>: keys of users for their programs.</summary>
internal sealed class KeyCommand(CairnProgram program)
{
    /// <summary>Who asks, to the server.</summary>
    private const string Me = "me";

    private static readonly Argument<string> Name = new("name") { Description = "What it is for, such as 'laptop'" };
    private static readonly Argument<string> Key = new("key") { Description = "Its name or number" };
    private static readonly Option<string?> User = new("--user") { Description = "Whose (default: one's own)", HelpName = "NAME" };
    private static readonly Option<bool> All = new("--all") { Description = "Of all users; what the operator sees anyway" };
    private static readonly Option<string?> Expires = new("--expires") { Description = "How long it is good, as in 30d (default: until it is revoked)", HelpName = "TIME" };

    public Command Create()
    {
        var add = new CairnCommand("add", "Make a key and print it, this once.", "cairn key add laptop --user ada", "export CAIRN_API_KEY=$(cairn key add ci --expires 30d)") { Name, User, Expires };
        add.SetAction((line, _) => AddAsync(line));
        var list = new CairnCommand("ls", "List keys, without the keys themselves.", "cairn key ls", "cairn key ls --user ada", "cairn key ls --all  # admins") { User, All };
        list.SetAction((line, _) => ListAsync(line));
        var remove = new CairnCommand("rm", "Revoke a key, at once.", "cairn key rm laptop", "cairn key rm laptop --user ada") { Key, User };
        remove.SetAction((line, _) => RemoveAsync(line));
        return new CairnCommand("key", "Manage keys for programs: CAIRN_API_KEY, MLFLOW_TRACKING_TOKEN and WANDB_API_KEY in one.") { add, list, remove };
    }

    private async Task<int> AddAsync(ParseResult line)
    {
        var until = TimeText.Parse(line.GetValue(Expires), "--expires") is { } span ? (TimeProvider.System.GetUtcNow() + span).ToUnixTimeMilliseconds() : (long?)null;
        await using var session = await program.ConnectAsync(line);
        if (line.GetValue(User) is null && await IsOperatorAsync(session))
        {
            throw new UsageException($"Keys belong to users, and you are the operator here. Say whose, as in: cairn key add {TextWidth.Safe(line.GetValue(Name)!)} --user ada");
        }

        var added = await session.Client.AddKeyAsync(new AddKeyRequest(line.GetValue(Name)!, until), line.GetValue(User) ?? Me, program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(added, CairnJson.Default.AddedKey);
            return ExitCodes.Ok;
        }

        program.Terminal.Say(program.Terminal.ErrorInk.Dim($"The key '{TextWidth.Safe(added.Info.Name)}', which is shown this once:"));
        program.Terminal.WriteLine(added.Key);
        return ExitCodes.Ok;
    }

    private async Task<int> ListAsync(ParseResult line)
    {
        if (line.GetValue(All) && line.GetValue(User) is not null)
        {
            throw new UsageException("--all and --user: say one of them.");
        }

        await using var session = await program.ConnectAsync(line);
        var keys = await KeysAsync(session, line.GetValue(User), line.GetValue(All));
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new KeyList(keys), CairnJson.Default.KeyList);
            return ExitCodes.Ok;
        }

        if (keys.Count == 0)
        {
            program.Terminal.Say("No keys. Make one with: cairn key add NAME --user USER");
            return ExitCodes.Ok;
        }

        var now = TimeProvider.System.GetUtcNow();
        var table = new Table("NUMBER", "USER", "NAME", "ENDS IN", "MADE", "LAST USED", "EXPIRES");
        foreach (var key in keys)
        {
            table.Add(
                key.Id.ToString(CultureInfo.InvariantCulture), key.User ?? "", key.Name, $"…{key.Hint}", Shown.Ago(key.CreatedAt, now),
                key.LastUsedAt is { } used ? Shown.Ago(used, now) : "never", key.ExpiresAt is { } end ? Shown.Time(end) : "never");
        }

        program.Terminal.WriteTable(table);
        return ExitCodes.Ok;
    }

    private async Task<int> RemoveAsync(ParseResult line)
    {
        await using var session = await program.ConnectAsync(line);
        var (text, user) = (line.GetValue(Key)!, line.GetValue(User));
        var keys = await KeysAsync(session, user, all: false);
        var named = keys.Where(key => key.Name == text).ToArray();
        if (named.Length > 1)
        {
            throw new UsageException($"There is a key '{TextWidth.Safe(text)}' of {string.Join(" and of ", named.Select(key => key.User))}. Say whose with --user, or give its number.");
        }

        var found = named is [var single] ? single
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && keys.FirstOrDefault(key => key.Id == number) is { } numbered ? numbered
            : throw new UsageException($"There is no key '{TextWidth.Safe(text)}'. List them with: cairn key ls{(user is null ? "" : $" --user {user}")}");
        await session.Client.RevokeKeyAsync(found.Id, found.User ?? user ?? Me, program.Interrupts.Stop);
        return ExitCodes.Ok;
    }

    /// <summary>Of one user, or of all; who is the operator has none himself, and means all.</summary>
    private async Task<IReadOnlyList<KeyInfo>> KeysAsync(ServerSession session, string? user, bool all) =>
        all || (user is null && await IsOperatorAsync(session))
            ? await session.Client.ListAllKeysAsync(program.Interrupts.Stop)
            : await session.Client.ListKeysAsync(user ?? Me, program.Interrupts.Stop);

    private async Task<bool> IsOperatorAsync(ServerSession session) => (await session.Client.WhoAmIAsync(program.Interrupts.Stop)).IsOperator;
}
