using System.Text.Json;
using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Chains;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Pipelines.Promotion;
using Cairn.Projects.Pipelines.Values;
using Cairn.Projects.Processes;
using Cairn.Projects.Running;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>Runs pipelines on this machine and records them on a server.</summary>
public sealed class PipelineRunner(CairnClient client)
{
    /// <summary>Makes the pipeline's record, or takes up that of one to go on with. Nothing is started yet.</summary>
    /// <exception cref="ProjectException">A change of parameters does not fit, or a step that is named does not exist.</exception>
    /// <exception cref="CairnClientException">The server cannot be reached or refuses.</exception>
    public async Task<PipelineRun> CreateAsync(Pipeline pipeline, PipelineOptions options, CancellationToken cancellation)
    {
        var parameters = Parameters(pipeline, options);

        // Who closes the record should we be killed is there before the record is.
        var id = options.ResumeId ?? options.RunId ?? Guid.NewGuid().ToString("N");
        var guard = options.AfterOurDeath is { } command ? Lifeline.ForRecord(command(id)) : null;
        try
        {
            var experiment = options.Experiment ?? pipeline.Experiment ?? pipeline.Name;
            var (run, logLines, earlier) = options.ResumeId is not null
                ? await TakeUpAsync(id, options, cancellation)
                : (await StartAsync(pipeline, options with { RunId = id }, experiment, parameters, cancellation), 0, EarlierRuns.None);
            foreach (var remark in await new GateKeeper(client).DeclareAsync(pipeline, run.ExperimentId, cancellation))
            {
                options.Remark?.Invoke(remark);
            }

            return new PipelineRun(client, pipeline, options with { Experiment = run.ExperimentName }, run, logLines, parameters, earlier, guard);
        }
        catch (Exception)
        {
            guard?.Dispose();
            throw;
        }
    }

    /// <summary>Refuses combinations of a sweep of which one could not even begin.</summary>
    /// <exception cref="ProjectException">A change of parameters does not fit, or a step that is named does not exist.</exception>
    public static void Check(Pipeline pipeline, PipelineOptions options, IEnumerable<IReadOnlyList<string>> combinations)
    {
        var entryPoints = new LocalEntryPoints(pipeline);
        foreach (var changes in combinations)
        {
            Parameters(pipeline, options with { Changes = changes }, entryPoints);
        }
    }

    private static MapValue Parameters(Pipeline pipeline, PipelineOptions options, LocalEntryPoints? entryPoints = null)
    {
        var parameters = Overrides.Apply(pipeline, options.Changes);
        foreach (var name in options.From.Concat(options.Only).Where(name => pipeline.Steps.All(step => step.Name != name)))
        {
            var near = Closest.To(name, pipeline.Steps.Select(step => step.Name));
            throw new PipelineException($"The pipeline has no step '{name}'; it has {string.Join(", ", pipeline.Steps.Select(step => $"'{step.Name}'"))}.{(near is null ? "" : $" Did you mean '{near}'?")}");
        }

        var wanted = new StepGraph(pipeline) is var graph && options.Only.Count > 0 ? options.Only.SelectMany(graph.Before).ToHashSet(StringComparer.Ordinal) : null;
        new ValueCheck(pipeline, parameters).Require(pipeline.Steps.Where(step => wanted?.Contains(step.Name) ?? true), entryPoints ?? new LocalEntryPoints(pipeline));
        return parameters;
    }

    /// <summary>What each step would do, without doing it.</summary>
    /// <exception cref="ProjectException">A change of parameters does not fit.</exception>
    public async Task<IReadOnlyList<StepReport>> PlanAsync(Pipeline pipeline, PipelineOptions options, CancellationToken cancellation)
    {
        var experiment = options.Experiment ?? pipeline.Experiment ?? pipeline.Name;
        var nowhere = new RunInfo("", "", experiment, "", "", "", 0, null, null, null, null);
        using var run = new PipelineRun(client, pipeline, options with { Experiment = experiment }, nowhere, 0, Parameters(pipeline, options), EarlierRuns.None, null);
        return await run.PlanAsync(cancellation);
    }

    private Task<RunInfo> StartAsync(Pipeline pipeline, PipelineOptions options, string experiment, MapValue parameters, CancellationToken cancellation) =>
        client.CreateRunAsync(
            new CreateRunRequest(
                Experiment: experiment,
                Id: options.RunId,
                Name: options.RunName,
                Author: Environment.UserName,
                JobType: pipeline.Name,
                ParentId: options.ParentId,
                Params: parameters.Flat().Where(pair => pair.Value is not NullValue).ToDictionary(pair => pair.Key, pair => pair.Value.ToJson(), StringComparer.Ordinal),
                Tags: new Dictionary<string, string>(options.Tags, StringComparer.Ordinal)
                {
                    ["mlflow.user"] = Environment.UserName,
                    ["mlflow.source.type"] = "PROJECT",
                    ["mlflow.source.name"] = options.Source?.Origin ?? pipeline.File,
                    [StepTags.PipelineName] = pipeline.Name,
                    [StepTags.PipelineFile] = FileOf(pipeline, options),
                    [StepTags.PipelineChanges] = ChangesText(options.Changes),
                    [StepTags.PipelineGraph] = GraphText(pipeline),
                    [RunnerMark.Tag] = RunnerMark.Own,
                }),
            cancellation);

    /// <summary>The file as a run remembers it: what was fetched lies in a folder that is removed.</summary>
    public static string FileOf(Pipeline pipeline, PipelineOptions options) => options.Source is null ? pipeline.File : Path.GetFileName(pipeline.File);

    /// <summary>
    /// The run goes on; those of its steps that finished are known. Steps that a killed runner left open are closed first,
    /// unless their jobs outlived it.
    /// </summary>
    private async Task<(RunInfo Run, long LogLines, EarlierRuns Earlier)> TakeUpAsync(string id, PipelineOptions options, CancellationToken cancellation)
    {
        var pipeline = await client.GetRunAsync(id, cancellation);
        if (options.HasLease)
        {
            await client.UpdateRunAsync(id, RunnerMark.Taken(pipeline), cancellation);
        }
        else
        {
            await RunnerMark.TakeAsync(client, pipeline, cancellation);
        }

        var (finished, left) = (new List<RunDetail>(), new List<RunDetail>());
        foreach (var child in pipeline.Children.Where(child => child.Status is "running" or "scheduled" or "finished"))
        {
            var run = await client.GetRunAsync(child.Id, cancellation);
            if (run.Run.Status == "finished" && run.Tags.GetValueOrDefault(RunTags.Backend, "local") == "local")
            {
                finished.Add((await RunTree.ReadAsync(client, run, cancellation)).Whole);
            }
            else if (await LeftAsync(run, options, cancellation))
            {
                left.Add(run);
            }
            else if (run.Run.Status == "finished")
            {
                finished.Add((await RunTree.ReadAsync(client, run, cancellation)).Whole);
            }
            else
            {
                await client.UpdateRunAsync(child.Id, new RunUpdate(Status: "crashed"), cancellation);
            }
        }

        return (pipeline.Run with { Status = "running" }, pipeline.LogLines, new EarlierRuns(finished, left));
    }

    /// <summary>{"train":["clean"]}: pages draw a step before it has begun.</summary>
    private static string GraphText(Pipeline pipeline)
    {
        var graph = new StepGraph(pipeline);
        return new MapValue([.. pipeline.Steps.Select(step => KeyValuePair.Create(
            step.Name, (PlainValue)new ListValue([.. graph.NeedsOf(step.Name).Select(need => new TextValue(need))])))]).Json();
    }

    /// <summary>True where a job of the run is left that its step will take up.</summary>
    private static async Task<bool> LeftAsync(RunDetail run, PipelineOptions options, CancellationToken cancellation)
    {
        using var job = await options.Backend.FindAsync(run, _ => { }, cancellation);
        return job is not null;
    }

    /// <summary>Changes as the tag of a run holds them.</summary>
    public static string ChangesText(IReadOnlyList<string> changes) => new ListValue(changes.Select(PlainValue (change) => new TextValue(change)).ToArray()).Json();

    /// <summary>The changes a pipeline's run was started with.</summary>
    public static IReadOnlyList<string> ChangesOf(RunDetail run)
    {
        using var document = JsonDocument.Parse(run.Tags.GetValueOrDefault(StepTags.PipelineChanges, "[]"));
        return document.RootElement.EnumerateArray().Select(item => item.GetString()!).ToArray();
    }
}
