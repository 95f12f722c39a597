using Cairn.Core.Artifacts;
using Cairn.Core.Models;
using Cairn.Core.Webhooks;
using Cairn.Storage.Sqlite;
using Cairn.Storage.Webhooks;

namespace Cairn.Storage.Artifacts;

/// <content>What is told to webhooks, in the transaction of what happened.</content>
internal sealed partial class SqlArtifactStore
{
    private static void TellVersion(SqlSession session, long artifact, int index, long at)
    {
        if (FindListenedModel(session, artifact) is var (name, _)
            && ModelRows.FindVersion(session, name, new VersionReference(index, null)) is { } version)
        {
            WebhookMessages.Add(session, RegistryNews.Created(version), at);
        }
    }

    private static void TellAlias(SqlSession session, long artifact, string alias, int? index, long at)
    {
        if (alias != ArtifactCatalog.Latest && FindListenedModel(session, artifact) is var (name, isPrompt))
        {
            WebhookMessages.Add(session, RegistryNews.Aliased(name, isPrompt, alias, index + 1), at);
        }
    }

    private static void TellTags(SqlSession session, long artifact, int? index, IReadOnlyDictionary<string, string?>? tags, long at)
    {
        // A tag of a model itself is news for prompts only, as MLflow has it.
        if (tags is { Count: > 0 } && FindListenedModel(session, artifact) is var (name, isPrompt) && (isPrompt || index is not null))
        {
            foreach (var (key, value) in tags)
            {
                WebhookMessages.Add(session, RegistryNews.Tagged(name, index + 1, isPrompt, key, value), at);
            }
        }
    }

    private static (string Name, bool IsPrompt)? FindListenedModel(SqlSession session, long artifact) =>
        WebhookMessages.Anyone(session)
            ? session.First<(string, bool)?>(
                "SELECT model_name, type FROM artifact WHERE id = @1 AND model_name IS NOT NULL",
                row => (row.GetString(0), row.GetString(1) == RegisteredModel.PromptType),
                artifact)
            : null;
}
