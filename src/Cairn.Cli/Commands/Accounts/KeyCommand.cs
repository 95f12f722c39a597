using System.CommandLine;
using System.Globalization;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands.Accounts;

/// <summary><c>cairn key</c>: keys of users for their programs.</summary>
internal sealed class KeyCommand(CairnProgram program)
{
    private static readonly Argument<string> Name = new("name") { Description = "What it is for, such as 'laptop'" };
    private static readonly Argument<string> Key = new("key") { Description = "Its name or number" };
    private static readonly Option<string> User = new("--user") { Description = "Whose (default: one's own)", HelpName = "NAME", DefaultValueFactory = _ => "me" };
    private static readonly Option<string?> Expires = new("--expires") { Description = "How long it is good, as in 30d (default: until it is revoked)", HelpName = "TIME" };

    public Command Create()
    {
        var add = new CairnCommand("add", "Make a key and print it, this once.", "cairn key add laptop --user ada", "export CAIRN_API_KEY=$(cairn key add ci --expires 30d)") { Name, User, Expires };
        add.SetAction((line, _) => AddAsync(line));
        var list = new CairnCommand("ls", "List keys, without the keys themselves.") { User };
        list.SetAction((line, _) => ListAsync(line));
        var remove = new CairnCommand("rm", "Revoke a key, at once.") { Key, User };
        remove.SetAction((line, _) => RemoveAsync(line));
        return new CairnCommand("key", "Manage keys for programs: CAIRN_API_KEY, MLFLOW_TRACKING_TOKEN and WANDB_API_KEY in one.") { add, list, remove };
    }

    private async Task<int> AddAsync(ParseResult line)
    {
        var until = TimeText.Parse(line.GetValue(Expires), "--expires") is { } span ? (TimeProvider.System.GetUtcNow() + span).ToUnixTimeMilliseconds() : (long?)null;
        await using var session = await program.ConnectAsync(line);
        var added = await session.Client.AddKeyAsync(new AddKeyRequest(line.GetValue(Name)!, until), line.GetValue(User)!, program.Interrupts.Stop);
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
        await using var session = await program.ConnectAsync(line);
        var keys = await session.Client.ListKeysAsync(line.GetValue(User)!, program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new KeyList(keys), CairnJson.Default.KeyList);
            return ExitCodes.Ok;
        }

        var now = TimeProvider.System.GetUtcNow();
        var table = new Table("NUMBER", "NAME", "ENDS IN", "MADE", "LAST USED", "EXPIRES");
        foreach (var key in keys)
        {
            table.Add(
                key.Id.ToString(CultureInfo.InvariantCulture), key.Name, $"…{key.Hint}", Shown.Ago(key.CreatedAt, now),
                key.LastUsedAt is { } used ? Shown.Ago(used, now) : "never", key.ExpiresAt is { } end ? Shown.Time(end) : "never");
        }

        program.Terminal.WriteTable(table);
        return ExitCodes.Ok;
    }

    private async Task<int> RemoveAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        await using var session = await program.ConnectAsync(line);
        var (text, user) = (line.GetValue(Key)!, line.GetValue(User)!);
        var named = (await session.Client.ListKeysAsync(user, stop)).Where(key => key.Name == text).ToArray();
        var id = named is [var single] ? single.Id
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new UsageException($"There is no key '{TextWidth.Safe(text)}'. List them with: cairn key ls");
        await session.Client.RevokeKeyAsync(id, user, stop);
        return ExitCodes.Ok;
    }
}
