using System.Text.RegularExpressions;
using Cairn.Projects.Processes;
using Cairn.Projects.Running;

namespace Cairn.Projects.Sources;

/// <summary>
/// Fetches with the user's own git, and so with the user's own credentials. Only transports that cannot run commands are
/// allowed, for submodules too; versions and addresses cannot be taken for options.
/// </summary>
internal static partial class GitSource
{
    // Too short it would call a repository none, on a machine that is only busy.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <exception cref="ProjectException">It cannot be the name of a branch, tag or commit.</exception>
    public static void CheckVersion(string version)
    {
        if (!Version().IsMatch(version) || version.Contains("..", StringComparison.Ordinal))
        {
            throw new ProjectException($"'{version}' cannot be a version: give the name of a branch or tag, or a commit.");
        }
    }

    /// <summary>The repository around a local folder, to be cloned at a version.</summary>
    public static async Task<SourceAddress> RepositoryOfAsync(SourceAddress address, CancellationToken cancellation)
    {
        var folder = Path.GetFullPath(Path.Combine(address.Location, address.Subfolder ?? ""));
        var answer = Directory.Exists(folder)
            ? await ProgramAnswer.ReadAsync("git", ["rev-parse", "--show-toplevel", "--show-prefix"], folder, Limit, cancellation)
            : null;
        if (answer?.Split('\n') is not [{ Length: > 0 } root, .. var rest])
        {
            throw new ProjectException($"'{address.Shown}' is not in a git repository, so it has no versions: leave the version out.");
        }

        var prefix = rest.FirstOrDefault("").TrimEnd('/');
        return new SourceAddress(SourceKind.Git, root, prefix.Length == 0 ? null : prefix);
    }

    public static async Task<GitFacts> CloneAsync(
        SourceAddress address, string? version, string folder, Action<string> tell, CancellationToken cancellation)
    {
        var git = Programs.Find("git")
            ?? throw new ProjectException($"git is needed to fetch '{address.Shown}'. Install it (apt install git, brew install git), or give a local folder.");
        tell($"fetching {address.Shown}{(version is null ? "" : $" at {version}")}");
        var session = new Session(git, folder, tell, cancellation);
        await session.DoAsync(address, "init", "-q");
        var shallow = await session.TryAsync("fetch", "-q", "--depth", "1", "--no-tags", "--", address.Location, version ?? "HEAD");
        if (!shallow.Exit.IsSuccess)
        {
            if (version is null || !Hexadecimal().IsMatch(version))
            {
                throw Refused(address, version, shallow);
            }

            // A server may give away commits only by the names that lead to them; a short one must be looked for here.
            await session.DoAsync(address, "fetch", "-q", "--", address.Location, "+refs/heads/*:refs/cairn/heads/*", "+refs/tags/*:refs/cairn/tags/*");
        }

        var target = shallow.Exit.IsSuccess ? "FETCH_HEAD" : version!;
        var checkout = await session.TryAsync("-c", "advice.detachedHead=false", "checkout", "-q", "--detach", target);
        if (!checkout.Exit.IsSuccess)
        {
            throw Refused(address, version, checkout);
        }

        if (File.Exists(Path.Combine(folder, ".gitmodules")))
        {
            await session.DoAsync(address, "submodule", "--quiet", "update", "--init", "--recursive");
        }

        var commit = await session.TryAsync("rev-parse", "HEAD");
        return new GitFacts(commit.Output.Trim(), shallow.Exit.IsSuccess ? Branch(folder) : null, GitFacts.WithoutCredentials(address.Location), address.Subfolder ?? "");
    }

    /// <summary>git notes in FETCH_HEAD whether the name was a branch.</summary>
    private static string? Branch(string folder)
    {
        var file = Path.Combine(folder, ".git", "FETCH_HEAD");
        var match = File.Exists(file) ? BranchNote().Match(File.ReadAllText(file)) : Match.Empty;
        return match.Success ? match.Groups[1].Value : null;
    }

    private static ProjectException Refused(SourceAddress address, string? version, Tool.Result result)
    {
        var reason = GitFacts.WithoutCredentials(result.Complaint.Replace(address.Location, address.Shown, StringComparison.Ordinal));
        var hint = reason.Contains("couldn't find remote ref", StringComparison.Ordinal) || reason.Contains("pathspec", StringComparison.Ordinal)
            ? $" See its branches and tags with: git ls-remote {address.Shown.Split('#')[0]}"
            : reason.Contains("could not read Username", StringComparison.Ordinal) || reason.Contains("Permission denied", StringComparison.Ordinal) || reason.Contains("terminal prompts disabled", StringComparison.Ordinal)
                ? " The credentials are those of your own git: try 'git ls-remote' with this address, and set up a credential helper or an SSH key."
                : "";
        return new ProjectException($"git could not fetch '{address.Shown}'{(version is null ? "" : $" at '{version}'")}: {reason.TrimEnd('.')}.{hint}");
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_./+@-]{0,254}$")]
    private static partial Regex Version();

    [GeneratedRegex("^[0-9a-fA-F]{4,64}$")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"^[0-9a-f]+\t[^\t]*\tbranch '([^'\n]+)'")]
    private static partial Regex BranchNote();

    private sealed class Session(string git, string folder, Action<string> tell, CancellationToken cancellation)
    {
        private readonly Dictionary<string, string> _environment = Environment();

        public Task<Tool.Result> TryAsync(params string[] arguments) =>
            Tool.RunAsync(new ChildCommand(git, arguments, folder, _environment), line =>
            {
                if (line.Length > 0 && arguments[0] == "submodule")
                {
                    tell(line);
                }
            }, cancellation);

        public async Task DoAsync(SourceAddress address, params string[] arguments)
        {
            var result = await TryAsync(arguments);
            if (!result.Exit.IsSuccess)
            {
                throw Refused(address, null, result);
            }
        }

        /// <summary>Ours, without what would lead git to another repository, and with the transports that are allowed.</summary>
        private static Dictionary<string, string> Environment()
        {
            var variables = CurrentEnvironment.Copy();
            foreach (var name in variables.Keys.Where(name => name is "GIT_DIR" or "GIT_WORK_TREE" or "GIT_INDEX_FILE" or "GIT_PREFIX").ToArray())
            {
                variables.Remove(name);
            }

            variables["GIT_ALLOW_PROTOCOL"] = "https:http:ssh:git:file";
            variables["GIT_TERMINAL_PROMPT"] = "0";
            return variables;
        }
    }
}
