using System.Collections.Concurrent;
using Cairn.Client.Wire;
using Cairn.Projects.Environments;
using Cairn.Projects.Pipelines.Values;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Backends.Kubernetes;

/// <summary>
/// Commands as Jobs of a Kubernetes cluster, in the project's image with its code, as MLflow's backend of that name. Jobs
/// outlive us and are found again by their names, which come from the runs' ids.
/// </summary>
public sealed class KubernetesBackend : IRunBackend, IDisposable
{
    private const string NamespaceTag = "cairn.backend.namespace";

    private readonly KubernetesSettings _settings;
    private readonly MapValue? _template;
    private readonly KubeApi _api;
    private readonly string _namespace;
    private readonly string _folder;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _pushed = new(StringComparer.Ordinal);

    /// <param name="settings">What the command line says.</param>
    /// <param name="cacheFolder">Where outputs of jobs are kept while they are read.</param>
    /// <exception cref="ProjectException">The kubeconfig or the template cannot be used.</exception>
    public KubernetesBackend(KubernetesSettings settings, string cacheFolder)
    {
        var config = KubeConfig.Read(settings.Config, settings.Context);
        _settings = settings;
        _template = settings.Template is { } file ? ReadTemplate(file) : null;
        _api = new KubeApi(config);
        _namespace = settings.Namespace ?? config.Namespace ?? ((_template?.Find("metadata") as MapValue)?.Find("namespace") as TextValue)?.Text ?? "default";
        _folder = Path.Combine(Path.GetFullPath(cacheFolder), "kubernetes");
        Tags = new Dictionary<string, string>(StringComparer.Ordinal) { [NamespaceTag] = _namespace };
    }

    public string Name => "kubernetes";

    public bool WantsImage => true;

    public IReadOnlyDictionary<string, string> Tags { get; }

    public async Task<IRunJob> StartAsync(JobOrder order, CancellationToken cancellation)
    {
        var container = order.Container
            ?? throw new ProjectException("--backend kubernetes needs a project with a docker_env: its jobs run in that image, with the code in it.");
        var image = _settings.Repository is null || !container.HasCode ? container.Image : await _pushed.GetOrAdd(container.Image, name => new(() => PushAsync(container, name, order.Remark))).Value;
        var text = new KubernetesJobText(_namespace, order, container, image, _template);
        var secret = $"/api/v1/namespaces/{_namespace}/secrets/{KubernetesJobText.NameOf(order.RunId)}";
        string? made;
        try
        {
            await _api.CreateAsync($"/api/v1/namespaces/{_namespace}/secrets", text.Secret(), cancellation);
            made = await _api.CreateAsync($"/apis/batch/v1/namespaces/{_namespace}/jobs", text.Job(), cancellation);
        }
        catch (HttpRequestException fault)
        {
            if (fault.StatusCode is not null)
            {
                // Refused, so there is no job that needs the keys. Where no answer came there may be one.
                await _api.TryAsync(api => api.DeleteAsync(secret, CancellationToken.None));
            }

            throw new ProjectException($"The job could not be made: {fault.Message}", fault);
        }

        if (made is { } uid && !await _api.TryAsync(api => api.PatchAsync(secret, text.Ownership(uid), cancellation)))
        {
            // With its job it would go also where nobody is left to remove it.
            order.Remark($"The secret {KubernetesJobText.NameOf(order.RunId)} could not be given to its job; it stays if this command is killed.");
        }

        return new KubernetesJob(_api, _namespace, KubernetesJobText.NameOf(order.RunId), Path.Combine(_folder, order.RunId), order.Remark);
    }

    public async Task<IRunJob?> FindAsync(RunDetail run, Action<string> remark, CancellationToken cancellation)
    {
        if (run.Tags.GetValueOrDefault(NamespaceTag) is not { } place)
        {
            return null;
        }

        var name = KubernetesJobText.NameOf(run.Run.Id);
        return await _api.GetAsync($"/apis/batch/v1/namespaces/{place}/jobs/{name}", cancellation) is null
            ? null
            : new KubernetesJob(_api, place, name, Path.Combine(_folder, run.Run.Id), remark);
    }

    public void Dispose() => _api.Dispose();

    private async Task<string> PushAsync(ContainerPlan container, string image, Action<string> tell)
    {
        var name = $"{_settings.Repository}:{image[(image.LastIndexOf(':') + 1)..]}";
        await Installer.DoAsync(container.Engine.Program, ["tag", image, name], "/", tell, "Is the name of the registry right?", CancellationToken.None);
        tell($"pushing {name}");
        await Installer.DoAsync(container.Engine.Program, ["push", name], "/", tell, "Are you logged in to the registry (docker login)?", CancellationToken.None);
        return name;
    }

    private static MapValue ReadTemplate(string file)
    {
        var findings = new ProjectFindings(file);
        return YamlDocument.Read(SourceText.Decode(File.ReadAllBytes(file), out _), findings) is YamlMapping mapping && !findings.HasFaults
            ? (MapValue)PlainValue.Of(mapping)
            : throw new ProjectException($"'{file}' is no template of a Job: it must be a mapping.");
    }
}
