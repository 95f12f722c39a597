using Cairn.Projects.Processes;

namespace Cairn.Projects.Running;

/// <summary>Where in which state of a git repository a project lies, told by the user's own git.</summary>
/// <param name="Commit">The commit that is checked out, or null.</param>
/// <param name="Branch">Its branch, or null where none is checked out.</param>
/// <param name="Remote">Address of the remote "origin" without credentials, or null.</param>
/// <param name="Folder">The project's folder in the repository; empty for its root.</param>
/// <param name="Diff">What was changed below the folder since the commit, as a patch; null where nothing was.</param>
internal sealed record GitFacts(string? Commit, string? Branch, string? Remote, string Folder, string? Diff = null)
{
    // A busy machine takes seconds to start a program; a git that hangs must not keep a run for ever.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The facts; null outside of a repository and without git.</summary>
    public static async Task<GitFacts?> ReadAsync(string folder, CancellationToken cancellation)
    {
        if (!IsInRepository(folder) || Programs.Find("git") is not { } git)
        {
            return null;
        }

        var remote = ProgramAnswer.ReadAsync(git, ["config", "--get", "remote.origin.url"], folder, Limit, cancellation);
        var state = await ProgramAnswer.ReadAsync(git, ["rev-parse", "--show-prefix", "HEAD", "--abbrev-ref", "HEAD"], folder, Limit, cancellation);
        var diff = ProgramAnswer.ReadAsync(git, ["--no-optional-locks", "diff", "--no-ext-diff", "--no-color", "HEAD", "--", "."], folder, Limit, cancellation);
        var lines = state?.Split('\n') ?? [];
        return new GitFacts(
            lines.ElementAtOrDefault(1),
            lines.ElementAtOrDefault(2) is { Length: > 0 } branch and not "HEAD" ? branch : null,
            await remote is { Length: > 0 } url ? WithoutCredentials(url) : null,
            lines.ElementAtOrDefault(0)?.TrimEnd('/') ?? "",
            await diff is { Length: > 0 } patch ? patch : null);
    }

    /// <summary>https://user:token@host/x is recorded as https://host/x.</summary>
    internal static string WithoutCredentials(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length > 0
            ? url.Replace(uri.UserInfo + "@", "", StringComparison.Ordinal)
            : url;

    /// <summary>Starting git for nothing costs more than looking for its folder.</summary>
    private static bool IsInRepository(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (Path.Exists(Path.Combine(at.FullName, ".git")))
            {
                return true;
            }
        }

        return false;
    }
}
