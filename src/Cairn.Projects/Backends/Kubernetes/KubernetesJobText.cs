using System.Globalization;
using Cairn.Projects.Environments;
using Cairn.Projects.Pipelines.Values;

namespace Cairn.Projects.Backends.Kubernetes;

/// <summary>The objects of a job as JSON: a Secret with the variables, since keys are among them, and the Job itself.</summary>
internal sealed class KubernetesJobText(string space, JobOrder order, ContainerPlan container, string image, MapValue? template)
{
    /// <summary>How long the cluster keeps a job that nobody took up again.</summary>
    private const int KeptSeconds = 7 * 24 * 3600;

    /// <summary>Room for the runner, which ends commands to the second, before the cluster does.</summary>
    private const int DeadlineSlack = 60;

    /// <summary>Of a run's job and its secret.</summary>
    public static string NameOf(string runId) => $"cairn-{runId}";

    public string Secret() => Map(
        ("apiVersion", Text("v1")),
        ("kind", Text("Secret")),
        ("metadata", Map(("name", Text(NameOf(order.RunId))), ("namespace", Text(space)), ("labels", Labels()))),
        ("stringData", new MapValue(Variables().Select(pair => KeyValuePair.Create(pair.Key, (PlainValue)Text(pair.Value)))))).Json();

    /// <summary>A change of the secret: it belongs to the job.</summary>
    public string Ownership(string uid) => Map(
        ("metadata", Map(("ownerReferences", new ListValue([Map(("apiVersion", Text("batch/v1")), ("kind", Text("Job")), ("name", Text(NameOf(order.RunId))), ("uid", Text(uid)))]))))).Json();

    public string Job()
    {
        var job = template ?? new MapValue([]);
        var metadata = Part(job, "metadata").With("name", Text(NameOf(order.RunId))).With("namespace", Text(space));
        metadata = metadata.With("labels", Part(metadata, "labels").Merge(Labels()));
        var spec = Part(job, "spec").With("backoffLimit", Number(0)).With("ttlSecondsAfterFinished", Number(KeptSeconds));
        if (order.Timeout is { } limit)
        {
            spec = spec.With("activeDeadlineSeconds", Number((int)Math.Ceiling(limit.TotalSeconds) + DeadlineSlack));
        }

        var pod = Part(spec, "template");
        var podMetadata = Part(pod, "metadata");
        var podSpec = Part(pod, "spec").With("restartPolicy", Text("Never"));
        podSpec = podSpec.With("containers", Containers(podSpec));
        pod = pod.With("metadata", podMetadata.With("labels", Part(podMetadata, "labels").Merge(Labels()))).With("spec", podSpec);
        return job.With("apiVersion", Text("batch/v1")).With("kind", Text("Job")).With("metadata", metadata).With("spec", spec.With("template", pod)).Json();
    }

    /// <summary>The template's first container is ours, as for MLflow; others run beside it.</summary>
    private ListValue Containers(MapValue podSpec)
    {
        var given = (podSpec.Find("containers") as ListValue)?.Items ?? [];
        var first = given.Count > 0 && given[0] is MapValue map ? map : Map(("name", Text("main")));
        var sources = (first.Find("envFrom") as ListValue)?.Items ?? [];
        first = first
            .With("image", Text(image))
            .With("command", new ListValue([.. ContainerCommand.Shell(order.ShellLine!).Select(Text)]))
            .With("envFrom", new ListValue([.. sources, Map(("secretRef", Map(("name", Text(NameOf(order.RunId))))))]));
        if (container.HasCode)
        {
            first = first.With("workingDir", Text(ContainerCommand.Inside));
        }

        // Templates made for MLflow have a placeholder there, which no cluster takes.
        if (first.Find("name") is not TextValue { Text: var name } || !KubernetesSettingsReader.Label().IsMatch(name))
        {
            first = first.With("name", Text("main"));
        }

        return new ListValue([first.With("resources", Resources(Part(first, "resources"))), .. given.Skip(1)]);
    }

    private MapValue Resources(MapValue given)
    {
        var (requests, limits) = (Part(given, "requests"), Part(given, "limits"));
        requests = requests.With("cpu", Text(order.Resources.Processors.ToString(CultureInfo.InvariantCulture)));
        if (order.Resources.Memory is { } bytes)
        {
            var amount = Text(bytes.ToString(CultureInfo.InvariantCulture));
            (requests, limits) = (requests.With("memory", amount), limits.With("memory", amount));
        }

        if (order.Resources.Gpus is { } gpus)
        {
            // The kind of a processor is a matter of the template's nodeSelector.
            limits = limits.With("nvidia.com/gpu", Text(gpus[(gpus.IndexOf(':', StringComparison.Ordinal) + 1)..]));
        }

        return given.With("requests", requests).With("limits", limits);
    }

    private Dictionary<string, string> Variables()
    {
        var variables = order.Command.Environment
            .Where(pair => ContainerPlan.IsForContainers(pair.Key) || container.Copied.Contains(pair.Key))
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        foreach (var (name, value) in container.Set)
        {
            variables[name] = value;
        }

        return variables;
    }

    private MapValue Labels() => Map(("cairn/run", Text(order.RunId)));

    private static MapValue Part(MapValue map, string key) => map.Find(key) as MapValue ?? new MapValue([]);

    private static MapValue Map(params (string Key, PlainValue Value)[] pairs) => new(pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));

    private static TextValue Text(string value) => new TextValue(value);

    private static NumberValue Number(int value) => new NumberValue(value.ToString(CultureInfo.InvariantCulture));
}
