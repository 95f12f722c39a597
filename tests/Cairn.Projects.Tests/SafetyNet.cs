namespace Cairn.Projects.Tests;

/// <summary>How long a test waits for what comes at once when all is well: it only keeps a broken one from waiting for ever.</summary>
internal static class SafetyNet
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
}
