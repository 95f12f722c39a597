using System.Diagnostics.CodeAnalysis;
using Cairn.Core;
using Cairn.Core.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cairn.Server.Hosting;

/// <summary>
/// Which address is answered by what: a tree of path segments. It takes the routes of every door, those of ASP.NET's own
/// extension methods too, and is used in place of ASP.NET's matcher because that one compiles all routes at the first
/// request, which with hundreds of them is the larger part of a start.
/// <para>
/// Patterns are literals, <c>{name}</c> for one segment and <c>{**name}</c> for the rest. A literal comes before a
/// parameter, that before the rest; where the best path has no route for the method, the next best is tried. Letter case
/// of literals and one slash at the end do not count.
/// </para>
/// </summary>
/// <param name="services">For routes that ask for services.</param>
/// <param name="policyOf">Whom a pattern's route lets in; every route must have an answer. Null lets everybody into all.</param>
/// <param name="access">Says who is an admin, where a policy asks for one.</param>
internal sealed class RouteTable(IServiceProvider services, Func<string, RoutePolicy>? policyOf = null, AccessGuard? access = null) : IEndpointRouteBuilder
{
    private const int MostParameters = 8;

    private readonly Node root = new();
    private readonly List<EndpointDataSource> sources = [];
    private readonly List<(string? Method, string Pattern)> routes = [];

    public IServiceProvider ServiceProvider => services;

    /// <summary>Where <c>MapGet</c> and its like leave their routes; <see cref="Complete"/> brings them in.</summary>
    public ICollection<EndpointDataSource> DataSources => sources;

    /// <summary>All routes, with the method or null for any that has no route of its own.</summary>
    public IReadOnlyList<(string? Method, string Pattern)> Routes => routes;

    public IApplicationBuilder CreateApplicationBuilder() => throw new NotSupportedException("Routes of this server have no pipelines of their own.");

    /// <param name="method">HTTP method; null for any that has no route of its own at this path.</param>
    public void Map(string? method, string pattern, RequestDelegate handler)
    {
        var node = root;
        var names = new List<string>();
        var isOpen = false;
        foreach (var segment in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (isOpen || (segment.Contains('{', StringComparison.Ordinal) && (segment[0] != '{' || segment[^1] != '}' || segment.AsSpan().ContainsAny(":?="))))
            {
                throw new NotSupportedException($"The route '{pattern}' has a segment that this table does not know: '{segment}'.");
            }

            isOpen = segment.StartsWith("{*", StringComparison.Ordinal);
            if (segment[0] == '{')
            {
                names.Add(segment.Trim('{', '}', '*'));
            }

            node = isOpen ? node.Rest ??= new Node() : segment[0] == '{' ? node.Parameter ??= new Node() : node.Below(segment);
        }

        if (names.Count > MostParameters)
        {
            throw new NotSupportedException($"The route '{pattern}' has more than {MostParameters} parameters.");
        }

        node.Add(new Route(method, pattern, names.ToArray(), handler, policyOf?.Invoke(pattern) ?? RoutePolicy.Anybody));
        routes.Add((method, pattern));
    }

    /// <summary>Takes in the routes that came by <see cref="DataSources"/>.</summary>
    public void Complete()
    {
        foreach (var endpoint in sources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
            foreach (var method in methods.Count > 0 ? methods : [null!])
            {
                Map(method, endpoint.RoutePattern.RawText!, endpoint.RequestDelegate!);
            }
        }

        sources.Clear();
    }

    /// <summary>The pattern of the route that a request will take; null where there is none.</summary>
    public string? PatternOf(HttpRequest request)
    {
        Span<Range> captured = stackalloc Range[MostParameters];
        return TryFind(root, request.Path.Value ?? "", 1, request.Method, captured, 0, out var route) ? route.Pattern : null;
    }

    public Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        Span<Range> captured = stackalloc Range[MostParameters];
        if (!TryFind(root, path, 1, http.Request.Method, captured, 0, out var route))
        {
            throw CairnException.NotFound($"There is no {http.Request.Method} {http.Request.Path}.");
        }

        if (route.Policy == RoutePolicy.Admins)
        {
            access?.DemandAdmin($"{http.Request.Method} {route.Pattern}");
        }

        if (route.Names.Length > 0)
        {
            var values = new RouteValueDictionary();
            for (var i = 0; i < route.Names.Length; i++)
            {
                if (path[captured[i]] is { Length: > 0 } value)
                {
                    values.Add(route.Names[i], value);
                }
            }

            http.Request.RouteValues = values;
        }

        return route.Handler(http);
    }

    private static bool TryFind(Node node, string path, int at, string method, Span<Range> captured, int count, [NotNullWhen(true)] out Route? route)
    {
        if (at >= path.Length)
        {
            if (node.TryGet(method, out route))
            {
                return true;
            }
        }
        else
        {
            var slash = path.IndexOf('/', at);
            var end = slash < 0 ? path.Length : slash;
            if (node.TryGoDown(path.AsSpan(at, end - at), out var below) && TryFind(below, path, end + 1, method, captured, count, out route))
            {
                return true;
            }

            if (node.Parameter is { } parameter && end > at)
            {
                captured[count] = at..end;
                if (TryFind(parameter, path, end + 1, method, captured, count + 1, out route))
                {
                    return true;
                }
            }
        }

        route = null;
        if (node.Rest is { } rest && rest.TryGet(method, out route))
        {
            captured[count] = Math.Min(at, path.Length)..path.Length;
            return true;
        }

        return false;
    }

    private sealed record Route(string? Method, string Pattern, string[] Names, RequestDelegate Handler, RoutePolicy Policy);

    private sealed class Node
    {
        private readonly List<Route> routes = [];
        private Dictionary<string, Node>? literals;

        public Node? Parameter { get; set; }

        public Node? Rest { get; set; }

        public Node Below(string segment)
        {
            literals ??= new Dictionary<string, Node>(StringComparer.OrdinalIgnoreCase);
            if (!literals.TryGetValue(segment, out var below))
            {
                literals.Add(segment, below = new Node());
            }

            return below;
        }

        public bool TryGoDown(ReadOnlySpan<char> segment, [NotNullWhen(true)] out Node? below)
        {
            below = null;
            return literals is not null && literals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(segment, out below);
        }

        public void Add(Route route)
        {
            if (routes.Find(other => string.Equals(other.Method, route.Method, StringComparison.OrdinalIgnoreCase)) is { } other)
            {
                throw new InvalidOperationException($"{route.Method ?? "Any method of"} {route.Pattern} is mapped twice; it means the same as {other.Pattern}.");
            }

            routes.Add(route);
        }

        public bool TryGet(string method, [NotNullWhen(true)] out Route? route)
        {
            route = null;
            foreach (var candidate in routes)
            {
                if (candidate.Method is null)
                {
                    route ??= candidate;
                }
                else if (candidate.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
                {
                    route = candidate;
                    return true;
                }
            }

            return route is not null;
        }
    }
}
