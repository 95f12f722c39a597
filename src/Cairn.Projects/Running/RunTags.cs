using Cairn.Projects.Pipelines.Running;

namespace Cairn.Projects.Running;

/// <summary>The tags MLflow gives a run of a project.</summary>
internal static class RunTags
{
    /// <summary>Set on a run that nobody waits for.</summary>
    public const string Detached = "cairn.detached";

    /// <summary>The scheduler's number of the run's job.</summary>
    public const string Job = "cairn.backend.job";

    /// <summary>The commit that is checked out where the code lies.</summary>
    public const string Commit = "mlflow.source.git.commit";

    /// <summary>Where the command is carried out.</summary>
    public const string Backend = "mlflow.project.backend";

    public static Dictionary<string, string> Of(BoundEntryPoint bound, string user, GitFacts? git, ProjectRunOptions options)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["mlflow.user"] = user,
            ["mlflow.source.type"] = "PROJECT",
            ["mlflow.source.name"] = options.Source?.Origin ?? Source(bound.Project, git),
            ["mlflow.project.entryPoint"] = bound.EntryPoint.Name,
            ["mlflow.project.env"] = options.Environment?.Kind ?? "system",
            [Backend] = options.Backend.Name,
        };
        AddGit(tags, git);
        Add(tags, "mlflow.runName", options.RunName);
        Add(tags, RunnerMark.Tag, options.ParentId is null ? RunnerMark.Own : null);
        Add(tags, "cairn.source.dirty", git?.Diff is null ? null : "true");
        Add(tags, "cairn.environment.hash", options.Environment?.Hash);
        foreach (var (key, value) in options.Backend.Tags.Concat(options.Tags))
        {
            tags[key] = value;
        }

        return tags;
    }

    public static void AddGit(Dictionary<string, string> tags, GitFacts? git)
    {
        Add(tags, Commit, git?.Commit);
        Add(tags, "mlflow.source.git.branch", git?.Branch);
        Add(tags, "mlflow.gitBranchName", git?.Branch);
        Add(tags, "mlflow.source.git.repoURL", git?.Remote);
        Add(tags, "mlflow.gitRepoURL", git?.Remote);
    }

    /// <summary>The repository and folder where there is one, so that runs of two checkouts are seen to be of one source.</summary>
    private static string Source(Project project, GitFacts? git) => git switch
    {
        { Remote: { } remote, Folder.Length: > 0 } => $"{remote}#{git.Folder}",
        { Remote: { } remote } => remote,
        _ => project.Folder,
    };

    private static void Add(Dictionary<string, string> tags, string key, string? value)
    {
        if (value is not null)
        {
            tags[key] = value;
        }
    }
}
