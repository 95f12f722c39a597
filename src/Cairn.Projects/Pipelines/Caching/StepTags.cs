namespace Cairn.Projects.Pipelines.Caching;

/// <summary>The tags by which the server remembers what a step's run was: that is the shared cache.</summary>
internal static class StepTags
{
    /// <summary>"PIPELINE/STEP".</summary>
    public const string Name = "cairn.step.name";

    /// <summary>Hash of the step's key.</summary>
    public const string Key = "cairn.step.key";

    /// <summary>Its parts in brief.</summary>
    public const string Parts = "cairn.step.parts";

    /// <summary>Declared inputs as "name:version", separated by blanks.</summary>
    public const string Inputs = "cairn.step.inputs";

    /// <summary>Set where the step failed though its run may say otherwise.</summary>
    public const string Failed = "cairn.step.failed";

    /// <summary>File of a step's run: its code, file by file.</summary>
    public const string CodeFile = "cairn/code.txt";

    /// <summary>Set on a step's run that found files of other steps in its component's folder.</summary>
    public const string Left = "cairn.step.left";

    /// <summary>File of such a run: what it found.</summary>
    public const string LeftFile = "cairn/left.txt";

    /// <summary>File of a step's run that wrote into its component's folder: what it wrote.</summary>
    public const string MadeFile = "cairn/made.txt";

    /// <summary>Settings of the backend, as they were given.</summary>
    public const string BackendConfig = "cairn.backend.config";

    /// <summary>Of a pipeline's run: the steps that were asked for, separated by commas; not there means all.</summary>
    public const string PipelineSteps = "cairn.pipeline.steps";

    /// <summary>Of a pipeline's run: the environment manager that was asked for.</summary>
    public const string PipelineEnvManager = "cairn.pipeline.env_manager";

    /// <summary>Of a pipeline's run: the steps that were to run whatever is known, with all after them, separated by commas.</summary>
    public const string PipelineFrom = "cairn.pipeline.from";

    /// <summary>Of a pipeline's run: "true" where every step was to run whatever is known.</summary>
    public const string PipelineNoCache = "cairn.pipeline.no_cache";

    /// <summary>Of a pipeline's run: the address its code was fetched from; not there means that it lay in a folder.</summary>
    public const string PipelineSource = "cairn.pipeline.source";

    /// <summary>Of a pipeline's run: its file; of one that was fetched only the name.</summary>
    public const string PipelineFile = "cairn.pipeline.file";
    public const string PipelineChanges = "cairn.pipeline.overrides";
    /// <summary>Of a pipeline's run: what each step waits for, as JSON.</summary>
    public const string PipelineGraph = "cairn.pipeline.graph";

    public const string PipelineName = "cairn.pipeline.name";

    /// <summary>File of a pipeline's run: where each step stands.</summary>
    public const string StateFile = "cairn/pipeline.json";
}
