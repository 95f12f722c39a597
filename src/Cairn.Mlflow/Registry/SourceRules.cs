using System.Text.RegularExpressions;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Mlflow.Keys;
using Cairn.Mlflow.Runs;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.Registry;

/// <summary>
/// From where a version of a model may be registered. The server itself never opens a source; but clients that load the
/// model do, and MLflow's server did (CVE-2023-1177 and its kin).
/// </summary>
internal sealed partial class SourceRules(LoggedModelPlaces models, IRunStore runs, ArtifactRoots roots)
{
    private const string Field = "source";

    /// <param name="source">The URI or path.</param>
    /// <param name="runId">The run it is said to come from, or null.</param>
    /// <param name="modelId">The logged model it is said to come from, or null.</param>
    /// <param name="isPrompt">A prompt has no files; its clients send a word such as "prompt-template".</param>
    /// <param name="cancellationToken">Ends the look-up of the run.</param>
    public async Task CheckAsync(string source, string? runId, string? modelId, bool isPrompt, CancellationToken cancellationToken)
    {
        if (isPrompt && PromptWord().IsMatch(source))
        {
            return;
        }

        if (!IsLocal(source))
        {
            CheckRemote(source);
        }
        else if (!await IsOfAsync(source, runId, modelId, cancellationToken))
        {
            var (id, of) = string.IsNullOrEmpty(modelId) ? ("run_id", "run") : ("model_id", "model");
            throw CairnException.Invalid(
                Field,
                $"Invalid model version source: '{source}'. To use a local path as a model version source, the {id} request parameter has to be specified "
                + $"and the local path has to be contained within the artifact directory of the {of} specified by the {id}.");
        }
    }

    private async Task<bool> IsOfAsync(string source, string? runId, string? modelId, CancellationToken cancellationToken)
    {
        var root = await RootAsync(runId, modelId, cancellationToken);
        if (root is null || !IsLocal(root) || source.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        var (folder, path) = (PosixPath.Normalize(PathOf(root)), PosixPath.Normalize(PathOf(source)));
        return path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);
    }

    private async Task<string?> RootAsync(string? runId, string? modelId, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(modelId))
        {
            return (await models.FindAsync(modelId, cancellationToken))?.Uri;
        }

        if (string.IsNullOrEmpty(runId))
        {
            return null;
        }

        var run = RunId.TryParse(runId, out var id) ? (await runs.FindRunsAsync([id], cancellationToken)).FirstOrDefault() : null;
        return run is null
            ? throw CairnException.NotFound($"Run with id={runId} not found")
            : await roots.OfAsync(run, cancellationToken);
    }

    /// <summary>True for a plain path and for <c>file:</c> without a host.</summary>
    private static bool IsLocal(string uri)
    {
        var scheme = Scheme().Match(uri).Groups[1].Value;
        if (scheme.Length == 0)
        {
            return true;
        }

        if (!scheme.Equals("file", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var host = HostOf(uri[(scheme.Length + 1)..]);
        var isHere = host is "" or "." || host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) || host.StartsWith("127.0.0.1", StringComparison.Ordinal);

        // MLflow's status, which its tests ask for. Nobody's client sends such a source, so nobody's client repeats it.
        return isHere ? true : throw new MlflowException(
            "INTERNAL_ERROR",
            500,
            $"{uri} is not a valid remote uri. For remote access on windows, please consider using a different scheme such as SMB (e.g. smb://<hostname>/<path>).");
    }

    private static void CheckRemote(string source)
    {
        var decoded = source;
        for (var round = 0; round < 10; round++)
        {
            var next = Uri.UnescapeDataString(decoded.Replace('+', ' '));
            if (next == decoded)
            {
                break;
            }

            decoded = next;
        }

        // An absolute path that means itself, and nothing that a file system could read as a way up.
        var path = Slashes().Replace(RemotePath(decoded).TrimEnd('/'), "/");
        if (decoded.AsSpan().ContainsAnyInRange('\0', '\u001f')
            || decoded.Split('/', '\\').Contains("..")
            || path.Length == 0 || path[0] != '/' || PosixPath.Normalize(path) != path)
        {
            throw CairnException.Invalid(
                Field,
                $"Invalid model version source: '{source}'. If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, "
                + "an absolute path must be provided without relative path references present. Please provide an absolute path.");
        }
    }

    private static string RemotePath(string uri)
    {
        var rest = uri[(uri.IndexOf(':', StringComparison.Ordinal) + 1)..];
        rest = rest.StartsWith("//", StringComparison.Ordinal) ? rest[Math.Min(rest.Length, 2 + HostOf(rest).Length)..] : rest;
        var end = rest.AsSpan().IndexOfAny('?', '#');
        return end < 0 ? rest : rest[..end];
    }

    private static string HostOf(string afterScheme)
    {
        if (!afterScheme.StartsWith("//", StringComparison.Ordinal))
        {
            return "";
        }

        var end = afterScheme.AsSpan(2).IndexOfAny('/', '?', '#');
        return end < 0 ? afterScheme[2..] : afterScheme[2..(end + 2)];
    }

    private static string PathOf(string local)
    {
        var scheme = Scheme().Match(local).Groups[1].Value;
        if (scheme.Length == 0)
        {
            return local;
        }

        var rest = local[(scheme.Length + 1)..];
        return Uri.UnescapeDataString(rest.StartsWith("//", StringComparison.Ordinal) ? rest[Math.Min(rest.Length, 2 + HostOf(rest).Length)..] : rest);
    }

    [GeneratedRegex("^([a-zA-Z][a-zA-Z0-9+.-]*):")]
    private static partial Regex Scheme();

    [GeneratedRegex("/+")]
    private static partial Regex Slashes();

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]*\z")]
    private static partial Regex PromptWord();
}
