using System.Globalization;
using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cairn.Server.Api;

/// <summary>Reads route values and query parameters, with errors that name them.</summary>
internal static class Bind
{
    public static string Route(HttpContext http, string name) => http.GetRouteValue(name) as string ?? "";

    public static RunId RunId(HttpContext http) => Core.Runs.RunId.Parse(Route(http, "runId"));

    public static ExperimentId ExperimentId(HttpContext http) =>
        Core.Experiments.ExperimentId.TryParse(Route(http, "experimentId"), out var id)
            ? id
            : throw CairnException.NotFound($"'{Route(http, "experimentId")}' is not the id of an experiment (a number).");

    public static ArtifactKey ArtifactKey(HttpContext http) => new(ExperimentId(http), Route(http, "name"));

    public static string? Query(HttpContext http, string name) =>
        http.Request.Query.TryGetValue(name, out var values) && values is [.., { Length: > 0 } last] ? last : null;

    /// <summary>All values of a parameter that may repeat.</summary>
    public static List<string> All(HttpContext http, string name) => [.. http.Request.Query[name].OfType<string>().Where(value => value.Length > 0)];

    public static long Number(HttpContext http, string name, long missing, long least, long most)
    {
        if (Query(http, name) is not { } text)
        {
            return missing;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw CairnException.Invalid(name, $"'{name}' is '{Shorten(text)}'; it must be a whole number from {least} to {most}.");
    }

    public static LifecycleFilter State(HttpContext http) => State(Query(http, "state"));

    public static LifecycleFilter State(string? word) => word switch
    {
        null or "active" => LifecycleFilter.Active,
        "deleted" => LifecycleFilter.Deleted,
        "all" => LifecycleFilter.All,
        var other => throw CairnException.Invalid("state", $"'state' is '{Shorten(other)}'; it must be active, deleted or all."),
    };

    /// <summary>"v3" or an alias; nothing is "latest". What can be neither is refused, encoded or not.</summary>
    public static VersionReference Version(string? text)
    {
        var reference = VersionReference.Parse(text);
        if (reference is { Index: null, Alias: { } alias })
        {
            ArtifactNames.Check("version", Uri.UnescapeDataString(alias));
        }

        return reference;
    }

    /// <summary>An alias in an address. The server leaves an encoded slash encoded, where it would pass for a part of the name.</summary>
    public static string Alias(HttpContext http)
    {
        var alias = Route(http, "alias");
        return alias.Contains("%2f", StringComparison.OrdinalIgnoreCase) ? throw CairnException.Invalid("alias", "'alias' has no slashes, encoded or not.") : alias;
    }

    /// <summary>"name:version-or-alias" or "experiment/name:…"; the experiment is null where the reference names none.</summary>
    public static (string? Experiment, string Name, VersionReference Version) Reference(string text, string field)
    {
        // The experiment's name may hold slashes and colons; the artifact's name and the alias cannot.
        var slash = text.LastIndexOf('/');
        var rest = text[(slash + 1)..];
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? rest : rest[..colon];
        if (name.Length == 0)
        {
            throw CairnException.Invalid(field, $"'{Shorten(text)}' is no artifact reference. Write name:version, name:alias or experiment/name:alias.");
        }

        return (slash > 0 ? text[..slash] : null, name, Bind.Version(colon < 0 ? null : rest[(colon + 1)..]));
    }

    /// <summary>An entry of a list; JSON can hold null where the contract has none, and the serializer lets it through.</summary>
    public static T Given<T>(T? entry, string list, int index)
        where T : class =>
        entry ?? throw CairnException.Invalid($"{list}[{index}]", $"'{list}[{index}]' is null.");

    private static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");
}
