using System.Text.RegularExpressions;
using Cairn.Projects.Pipelines;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Backends.Kubernetes;

/// <summary>Reads the settings of <c>--backend-config</c>. JSON is read as the YAML that it is.</summary>
internal static partial class KubernetesSettingsReader
{
    private static readonly string[] Keys = ["kube-context", "repository-uri", "kube-job-template-path", "kubeconfig", "namespace"];

    /// <exception cref="ProjectFileException">The settings have faults.</exception>
    public static KubernetesSettings Read(string? text, string origin)
    {
        if (text is null)
        {
            return new KubernetesSettings();
        }

        var findings = new ProjectFindings(origin);
        if (YamlDocument.Read(text, findings) is not YamlMapping mapping)
        {
            findings.Fault(1, 1, null, "Settings are a mapping.", "Write {\"kube-context\": \"minikube\", \"repository-uri\": \"registry.example/me/project\"}.");
            throw findings.Exception();
        }

        var fields = new FieldReader(findings);
        fields.RefuseUnknown(mapping, Keys, null);
        string? Field(string key, Regex form, string wanted)
        {
            var value = fields.Text(mapping, key, null);
            if (value is not null && !form.IsMatch(value))
            {
                findings.Fault(mapping.Find(key)!.Value, key, wanted);
            }

            return value;
        }

        string? File(string key)
        {
            var value = fields.Text(mapping, key, null);
            if (value is not null && !System.IO.File.Exists(value))
            {
                findings.Fault(mapping.Find(key)!.Value, key, $"There is no file '{value}'.");
            }

            return value is null ? null : Path.GetFullPath(value);
        }

        var settings = new KubernetesSettings
        {
            Context = fields.Text(mapping, "kube-context", null),
            Repository = Field("repository-uri", Image(), "This must be the name of an image in a registry, without a tag."),
            Template = File("kube-job-template-path"),
            Config = File("kubeconfig"),
            Namespace = Field("namespace", Label(), "This must be the name of a namespace."),
        };
        return findings.HasFaults ? throw findings.Exception() : settings;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/:-]*\z")]
    private static partial Regex Image();

    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z")]
    internal static partial Regex Label();
}
