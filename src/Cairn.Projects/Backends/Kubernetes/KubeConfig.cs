using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Backends.Kubernetes;

/// <summary>Where a cluster is and who we are there: from a kubeconfig, or from the pod we run in.</summary>
/// <param name="Server">The API server.</param>
/// <param name="Namespace">The namespace of the context, or null.</param>
internal sealed record KubeConfig(Uri Server, string? Namespace)
{
    private const string AccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Asked for with every request: such tokens are renewed while we run. Null without one.</summary>
    public Func<string>? Token { get; init; }

    /// <summary>The certificates that may sign the server's; null means those of the system.</summary>
    public X509Certificate2Collection? Authority { get; init; }

    /// <summary>Our certificate, or null.</summary>
    public X509Certificate2? Client { get; init; }

    /// <summary>The user asked for no check of the server's certificate.</summary>
    public bool TrustsAnyServer { get; init; }

    /// <exception cref="ProjectException">There is none, or it cannot be used.</exception>
    public static KubeConfig Read(string? file, string? context)
    {
        var path = file ?? Environment.GetEnvironmentVariable("KUBECONFIG") switch
        {
            { Length: > 0 } named => named.Split(Path.PathSeparator)[0],
            _ => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config"),
        };
        if (File.Exists(path))
        {
            return OfFile(path, context);
        }

        return file is null && context is null && Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } host
            ? OfPod(host)
            : throw new ProjectException($"--backend kubernetes needs a kubeconfig, and there is no '{path}'. Name one with KUBECONFIG or with 'kubeconfig' in the settings.");
    }

    private static KubeConfig OfPod(string host) =>
        new(new Uri($"https://{host}:{Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT") ?? "443"}"), File.ReadAllText(Path.Combine(AccountFolder, "namespace")).Trim())
        {
            Token = () => File.ReadAllText(Path.Combine(AccountFolder, "token")).Trim(),
            Authority = Certificates(File.ReadAllText(Path.Combine(AccountFolder, "ca.crt"))),
        };

    private static KubeConfig OfFile(string path, string? wanted)
    {
        var findings = new ProjectFindings(path);
        var root = YamlDocument.Read(SourceText.Decode(File.ReadAllBytes(path), out _), findings) as YamlMapping ?? throw Fault(path, "it is no kubeconfig");
        var name = wanted ?? Text(root, "current-context") ?? throw Fault(path, "it has no current-context; name one with 'kube-context'");
        var context = Named(root, "contexts", name, "context") ?? throw Fault(path, $"it has no context '{name}'");
        var cluster = Named(root, "clusters", Text(context, "cluster"), "cluster") ?? throw Fault(path, $"its context '{name}' names no cluster of it");
        var user = Named(root, "users", Text(context, "user"), "user");
        if (!Uri.TryCreate(Text(cluster, "server"), UriKind.Absolute, out var server) || server.Scheme is not ("https" or "http"))
        {
            throw Fault(path, "its cluster has no usable 'server'");
        }

        if (user?.Find("exec") is not null || user?.Find("auth-provider") is not null)
        {
            throw Fault(path, "its user is known only to another program (exec, auth-provider), which is not supported; put a token or a client certificate there");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var authority = Bytes(cluster, "certificate-authority", folder);
        return new KubeConfig(server, Text(context, "namespace"))
        {
            Token = TokenOf(user, folder),
            Authority = authority is null ? null : Certificates(authority),
            Client = ClientOf(user, folder, path),
            TrustsAnyServer = Text(cluster, "insecure-skip-tls-verify") is "true",
        };
    }

    private static Func<string>? TokenOf(YamlMapping? user, string folder)
    {
        if (user is null)
        {
            return null;
        }

        if (Text(user, "tokenFile") is { } file)
        {
            return () => File.ReadAllText(Path.Combine(folder, file)).Trim();
        }

        return Text(user, "token") is { } token ? () => token : null;
    }

    private static X509Certificate2? ClientOf(YamlMapping? user, string folder, string path)
    {
        if (user is null || Bytes(user, "client-certificate", folder) is not { } certificate)
        {
            return null;
        }

        try
        {
            using var pem = X509Certificate2.CreateFromPem(certificate, Bytes(user, "client-key", folder) ?? throw Fault(path, "its user has a certificate and no client-key"));
            // Some systems do not use keys that exist in memory only.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (CryptographicException fault)
        {
            throw Fault(path, $"its client certificate cannot be used: {fault.Message}");
        }
    }

    /// <summary>PEM text, from base64 in the file or from a file beside it.</summary>
    private static string? Bytes(YamlMapping mapping, string key, string folder) =>
        Text(mapping, $"{key}-data") is { } data ? System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(data))
        : Text(mapping, key) is { } file ? File.ReadAllText(Path.Combine(folder, file)) : null;

    private static X509Certificate2Collection Certificates(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    private static YamlMapping? Named(YamlMapping root, string list, string? name, string key) =>
        (root.Find(list)?.Value as YamlSequence)?.Items.OfType<YamlMapping>().FirstOrDefault(item => Text(item, "name") == name)?.Find(key)?.Value as YamlMapping;

    private static string? Text(YamlMapping mapping, string key) => mapping.Find(key)?.Value is YamlScalar { IsNull: false } scalar ? scalar.Text : null;

    private static ProjectException Fault(string path, string what) => new($"The kubeconfig '{path}' cannot be used: {what}.");
}
