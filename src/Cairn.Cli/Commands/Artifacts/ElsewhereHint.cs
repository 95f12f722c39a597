using Cairn.Cli.Hosting;
using Cairn.Client;

namespace Cairn.Cli.Commands.Artifacts;

/// <summary>
/// An artifact that is not found is most often in another experiment than the one that was not named: that of the pipeline
/// that makes it.
/// </summary>
internal static class ElsewhereHint
{
    /// <summary>Looks an artifact up; where there is none, says where one of its name is.</summary>
    /// <param name="session">The server.</param>
    /// <param name="reference">As the person wrote it.</param>
    /// <param name="work">Looks it up.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="CairnClientException">As <paramref name="work"/>, with the hint in its message.</exception>
    public static async Task<T> FindAsync<T>(ServerSession session, string reference, Func<Task<T>> work, CancellationToken stop)
    {
        try
        {
            return await work();
        }
        catch (CairnClientException missing) when (missing.Code == "not_found" && missing.Message.StartsWith("There is no artifact", StringComparison.Ordinal) && !reference.Contains('/', StringComparison.Ordinal))
        {
            var name = reference.Split(':')[0];
            var others = (await session.Client.ListArtifactsAsync(cancellation: stop)).Where(artifact => artifact.Name == name).Take(3).ToArray();
            throw others.Length == 0 ? missing : new CairnClientException(
                missing.Status,
                missing.Code,
                $"{missing.Message} There is {string.Join(" and ", others.Select(other => $"'{other.ExperimentName}/{other.Name}'"))}: write that, or name its experiment with --experiment.",
                missing.Field,
                missing);
        }
    }
}
