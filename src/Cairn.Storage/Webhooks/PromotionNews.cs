using System.Buffers;
using System.Text;
using System.Text.Json;
using Cairn.Core.Promotion;
using Cairn.Core.Runs;
using Cairn.Core.Webhooks;
using Cairn.Storage.Promotion;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Webhooks;

/// <summary>What webhooks hear of promotions, checks and pipelines, left in the transaction of what happened.</summary>
internal static class PromotionNews
{
    public static void Tell(SqlSession session, Decision decision)
    {
        var action = decision.Outcome switch
        {
            DecisionOutcome.Accepted => "accepted",
            DecisionOutcome.Refused => "refused",
            DecisionOutcome.RolledBack => "rolled_back",
            _ => null,
        };
        if (action is null || !WebhookMessages.Anyone(session))
        {
            return;
        }

        Add(session, new RegistryEvent("promotion", action), decision.At, writer =>
        {
            writer.WriteString("experiment_id", decision.Place.Key.ExperimentId.ToString());
            writer.WriteString("name", decision.Place.Key.Name);
            writer.WriteString("alias", decision.Place.Alias);
            WriteText(writer, "stage", decision.Stage);
            WriteText(writer, "from", decision.From is { } from ? $"v{from}" : null);
            WriteText(writer, "to", decision.To is { } to ? $"v{to}" : null);
            WriteText(writer, "who", decision.Who);
            WriteText(writer, "why", decision.Why);
            WriteText(writer, "run_id", decision.RunId?.Value);
            if (decision.Verdict is { } verdict)
            {
                writer.WritePropertyName("verdict");
                writer.WriteRawValue(VerdictJson.Write(verdict));
            }
        });
    }

    /// <summary>A run reported checks as failed.</summary>
    public static void TellChecks(SqlSession session, Run run, IEnumerable<(string Name, string? Detail)> failed, long at)
    {
        if (!WebhookMessages.Anyone(session))
        {
            return;
        }

        foreach (var (name, detail) in failed)
        {
            Add(session, new RegistryEvent("check", "failed"), at, writer =>
            {
                writer.WriteString("experiment_id", run.ExperimentId.ToString());
                writer.WriteString("run_id", run.Id.Value);
                writer.WriteString("run_name", run.Name);
                writer.WriteString("check", name);
                WriteText(writer, "detail", detail);
            });
        }
    }

    /// <summary>A run ended badly: news where it is a pipeline's.</summary>
    public static void TellFailure(SqlSession session, long runKey, Run run, long at)
    {
        if (WebhookMessages.Anyone(session)
            && session.First("SELECT value FROM tag WHERE run_key = @1 AND name = @2", row => row.GetString(0), runKey, Core.Triggers.RegisteredPipeline.NameTag) is { } pipeline)
        {
            Add(session, new RegistryEvent("pipeline", "failed"), at, writer =>
            {
                writer.WriteString("experiment_id", run.ExperimentId.ToString());
                writer.WriteString("run_id", run.Id.Value);
                writer.WriteString("run_name", run.Name);
                writer.WriteString("pipeline", pipeline);
                writer.WriteString("status", run.Status.ToString().ToLowerInvariant());
            });
        }
    }

    private static void Add(SqlSession session, RegistryEvent kind, long at, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        WebhookMessages.Add(session, new RegistryNews(kind, Encoding.UTF8.GetString(buffer.WrittenSpan)), at);
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
