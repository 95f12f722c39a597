using System.CommandLine;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands.Triggers;

/// <summary><c>cairn webhook</c>: who hears of promotions, refusals, failed checks and failed pipelines.</summary>
internal sealed class WebhookCommand(CairnProgram program)
{
    private static readonly Argument<string> Name = new("name") { Description = "A name for people" };
    private static readonly Argument<string> Address = new("address") { Description = "Where messages are sent; the server's operator must allow the host (--webhook-hosts)" };
    private static readonly Option<string[]> Events = new("--event")
    {
        Description = "promotion.accepted, promotion.refused, promotion.rolled_back, check.failed, pipeline.failed … (default: these five); may be repeated",
        HelpName = "EVENT",
    };

    private static readonly Option<string?> SecretOf = new("--secret-env") { Description = "Variable that holds the key of the messages' signatures", HelpName = "NAME" };
    private static readonly Argument<string> Id = new("id") { Description = "Its id, or its name" };
    private static readonly string[] Usual = ["promotion.accepted", "promotion.refused", "promotion.rolled_back", "check.failed", "pipeline.failed"];

    public Command Create()
    {
        var add = new CairnCommand("add", "Have messages sent.", "cairn webhook add team https://hooks.example.com/ml --secret-env HOOK_SECRET") { Name, Address, Events, SecretOf };
        add.SetAction((line, _) => AddAsync(line));
        var list = new CairnCommand("ls", "List webhooks.") { };
        list.SetAction((line, _) => ListAsync(line));
        var remove = new CairnCommand("rm", "Send no more messages.") { Id };
        remove.SetAction((line, _) => RemoveAsync(line));
        return new CairnCommand("webhook", "Tell others what happens, by signed messages.") { add, list, remove };
    }

    private async Task<int> AddAsync(ParseResult line)
    {
        var secret = line.GetValue(SecretOf) is not { } variable ? null
            : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value
            : throw new UsageException($"The variable {variable} is not set.");
        await using var session = await program.ConnectAsync(line);
        var events = line.GetValue(Events) is { Length: > 0 } given ? given : Usual;
        var webhook = await session.Client.CreateWebhookAsync(new CreateWebhookRequest(line.GetValue(Name)!, line.GetValue(Address)!, events, secret), program.Interrupts.Stop);
        program.Terminal.WriteLine($"{program.Terminal.Ink.Accent(webhook.Name)}  {webhook.Id}");
        return ExitCodes.Ok;
    }

    private async Task<int> ListAsync(ParseResult line)
    {
        await using var session = await program.ConnectAsync(line);
        var all = await session.Client.ListWebhooksAsync(program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new WebhookList(all), CairnJson.Default.WebhookList);
            return ExitCodes.Ok;
        }

        var table = new Table("ID", "NAME", "ADDRESS", "EVENTS");
        foreach (var webhook in all)
        {
            table.Add(webhook.Id, webhook.Name, webhook.Url, string.Join(", ", webhook.Events));
        }

        program.Terminal.WriteTable(table);
        return ExitCodes.Ok;
    }

    private async Task<int> RemoveAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        await using var session = await program.ConnectAsync(line);
        var text = line.GetValue(Id)!;
        var named = (await session.Client.ListWebhooksAsync(stop)).Where(webhook => webhook.Name == text).ToArray();
        await session.Client.RemoveWebhookAsync(named is [var single] ? single.Id : text, stop);
        return ExitCodes.Ok;
    }
}
