using Cairn.Projects.Environments;
using Cairn.Projects.Pipelines.Caching;

namespace Cairn.Projects.Chains;

/// <summary>
/// Which components of one execution came to a folder, in their order: a chain declares none. What those before one left
/// there, it may have read.
/// </summary>
internal static class ChainOrder
{
    /// <summary>Names the execution in the environment of its components.</summary>
    public const string Variable = "CAIRN_CHAIN";

    private const int MostKept = 500;

    /// <summary>
    /// A component comes to the folder. It is told apart from others of its name, and gets those that came before; and whether
    /// others came after it, the times before.
    /// </summary>
    public static async Task<(string Step, IReadOnlySet<string> Before, bool IsPassedOn)> EnterAsync(string cacheFolder, string folder, string name, CancellationToken cancellation)
    {
        var execution = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : Guid.NewGuid().ToString("N");
        name = name.Replace('\t', ' ').ReplaceLineEndings(" ");
        var (step, before, isPassedOn) = (name, new HashSet<string>(StringComparer.Ordinal), false);
        await OwnFile.ChangeLinesAsync(
            $"{StepProducts.FileOf(cacheFolder, folder)}.order",
            lines =>
            {
                var known = lines.Select(line => line.Split('\t')).Where(parts => parts.Length == 2).GroupBy(parts => parts[0], parts => parts[1]).ToDictionary(group => group.Key, group => group.ToList());
                before = known.GetValueOrDefault(execution, []).ToHashSet(StringComparer.Ordinal);
                for (var i = 2; before.Contains(step); i++)
                {
                    step = $"{name} ({i})";
                }

                isPassedOn = known.Values.Any(steps => steps.IndexOf(step) is >= 0 and var at && at < steps.Count - 1);
                return [.. lines.TakeLast(MostKept - 1), $"{execution}\t{step}"];
            },
            cancellation);
        return (step, before, isPassedOn);
    }
}
