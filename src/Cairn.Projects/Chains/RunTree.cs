using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Projects.Chains;

/// <summary>
/// A run with all runs below it. What a command read and made is spread over them: a component that is started by MLflow
/// and logs with W&amp;B's client has a run of each.
/// </summary>
/// <param name="Root">The run itself.</param>
/// <param name="Below">All below it.</param>
internal sealed record RunTree(RunDetail Root, IReadOnlyList<RunDetail> Below)
{
    /// <summary>Set by the server (docs/native-api.md).</summary>
    private const string AbsentTag = "cairn.absent.";
    private const string AskedTag = "cairn.asked.";
    private const int MostRuns = 1000;

    /// <summary>The run, as if it had read and made itself what those below it did.</summary>
    public RunDetail Whole => Below.Count == 0 ? Root : Root with
    {
        Inputs = All.SelectMany(run => run.Inputs).ToArray(),
        Outputs = All.SelectMany(run => run.Outputs).ToArray(),
    };

    /// <summary>What one of them asked for and did not get, because it was not there, with the experiment it was asked in.</summary>
    public IEnumerable<(string Reference, string Experiment)> Absent => All.SelectMany(run => run.Tags.Keys
        .Where(tag => tag.StartsWith(AbsentTag, StringComparison.Ordinal))
        .Select(tag => (tag[AbsentTag.Length..], run.Run.ExperimentName)));

    /// <summary>What one of them asked for by a name that moves, and the digest of what it was.</summary>
    public IEnumerable<(string Reference, string Experiment, string Digest)> Asked => All.SelectMany(run => run.Tags
        .Where(tag => tag.Key.StartsWith(AskedTag, StringComparison.Ordinal))
        .Select(tag => (tag.Key[AskedTag.Length..], run.Run.ExperimentName, tag.Value)));

    private IEnumerable<RunDetail> All => Below.Prepend(Root);

    public bool Contains(string? runId) => All.Any(run => run.Run.Id == runId);

    public static async Task<RunTree> ReadAsync(CairnClient client, RunDetail root, CancellationToken cancellation)
    {
        var below = new List<RunDetail>();
        var open = new Queue<RunInfo>(root.Children);
        while (open.TryDequeue(out var next) && below.Count < MostRuns)
        {
            var run = await client.GetRunAsync(next.Id, cancellation);
            below.Add(run);
            foreach (var child in run.Children)
            {
                open.Enqueue(child);
            }
        }

        return new RunTree(root, below);
    }
}
