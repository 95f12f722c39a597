using Cairn.Projects;
using Cairn.Projects.Binding;

namespace Cairn.Cli.Commands.Running;

/// <summary>
/// The parameters of a call. <c>--step</c> and <c>--set</c> are the comfortable form of what chained projects declare as
/// <c>steps</c> and <c>hydra_options</c>.
/// </summary>
internal static class GivenParameters
{
    private static readonly string[] StepNames = ["steps", "step", "main.steps"];
    private static readonly string[] SettingNames = ["hydra_options", "hydra_overrides", "overrides"];

    /// <exception cref="UsageException">The entry point does not take steps.</exception>
    /// <exception cref="ProjectException">An argument is no parameter.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(
        Project project, string entryPoint, IReadOnlyList<string> parameters, IReadOnlyList<string> steps, IReadOnlyList<string> settings)
    {
        var given = ParameterBinder.Split(parameters).ToList();
        var declared = project.EntryPoint(entryPoint).Parameters.Select(parameter => parameter.Name).ToArray();
        if (steps.Count > 0)
        {
            var name = StepNames.FirstOrDefault(declared.Contains)
                ?? throw new UsageException($"--step: entry point '{entryPoint}' declares no parameter 'steps', so steps cannot be chosen. A pipeline.yaml can: cairn pipeline run --step …");
            Add(given, name, string.Join(',', steps));
        }

        if (settings.Count == 0)
        {
            return given;
        }

        if (settings.FirstOrDefault(setting => setting.IndexOf('=', StringComparison.Ordinal) <= 0 && setting[0] != '~') is { } odd)
        {
            throw new UsageException($"--set '{odd}' is no setting. Write --set KEY=VALUE.");
        }

        if (SettingNames.FirstOrDefault(declared.Contains) is { } options)
        {
            var before = given.Where(pair => pair.Key == options).Select(pair => pair.Value);
            var all = string.Join(' ', before.Concat(settings));
            given.RemoveAll(pair => pair.Key == options);
            given.Add(new(options, all));
            return given;
        }

        foreach (var (name, value) in ParameterBinder.Split(settings))
        {
            Add(given, name, value);
        }

        return given;
    }

    private static void Add(List<KeyValuePair<string, string>> given, string name, string value)
    {
        if (given.Exists(pair => pair.Key == name))
        {
            throw new UsageException($"Parameter '{name}' is given twice: by -P and by --step or --set.");
        }

        given.Add(new(name, value));
    }
}
