namespace Cairn.Projects.Backends.Kubernetes;

/// <summary>What <c>--backend-config</c> says, under MLflow's names and some of ours.</summary>
public sealed record KubernetesSettings
{
    /// <summary>The context of the kubeconfig (<c>kube-context</c>); null means its current one.</summary>
    public string? Context { get; init; }

    /// <summary>Where the image with the code is pushed (<c>repository-uri</c>); null means that the nodes have it already.</summary>
    public string? Repository { get; init; }

    /// <summary>A Job that ours is made from (<c>kube-job-template-path</c>), or null.</summary>
    public string? Template { get; init; }

    /// <summary>The kubeconfig; null means KUBECONFIG, else ~/.kube/config, else the pod's own account.</summary>
    public string? Config { get; init; }

    /// <summary>The namespace; null means the context's, else that of the template, else "default".</summary>
    public string? Namespace { get; init; }
}
