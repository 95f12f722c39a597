using System.Text;
using System.Text.RegularExpressions;

namespace Cairn.Server.Tests.Access;

/// <summary>
/// Every route there is, tried by everybody there can be, on things of somebody else. A route without a rule fails, as
/// does a rule without its route: so nobody adds an address and forgets to say who may use it.
/// </summary>
public sealed partial class RouteRuleTests(AccessServer server) : IClassFixture<AccessServer>
{
    private static readonly string[] Levels = ["NO_PERMISSIONS", "READ", "EDIT", "MANAGE"];

    [Fact]
    public void Every_route_has_a_rule_and_every_rule_its_route()
    {
        // An address answers "wrong method" to every method that it has no route for.
        var ruled = RouteRules.All().Select(rule => (Method: rule.Method == "ANY" ? null : rule.Method, rule.Pattern)).ToHashSet();
        var paths = ruled.Select(rule => rule.Pattern).ToHashSet(StringComparer.Ordinal);
        var routes = server.Server.Routes;
        var without = routes.Where(route => !ruled.Contains(route) && !(route.Method is null && paths.Contains(route.Pattern))).Select(route => $"{route.Method} {route.Pattern}");
        Assert.Equal("", string.Join('\n', without));
        Assert.Equal("", string.Join('\n', ruled.Except(routes).Select(rule => $"{rule.Method} {rule.Pattern}")));
    }

    [Fact]
    public async Task Every_route_lets_in_whom_its_rule_says()
    {
        var faults = new List<string>();
        var shared = await Belongings.MakeAsync(server.Alice, server.Admin);
        foreach (var (need, method, pattern) in RouteRules.All().Where(rule => rule is { Method: not ("ANY" or "OPTIONS"), Pattern: not "/api/v1/events" }))
        {
            // What only looks, and what is only refused, leaves the things as they are.
            var isRestore = pattern.EndsWith("mlflow/experiments/restore", StringComparison.Ordinal);
            var changes = isRestore || (need is "edit" or "manage" && !pattern.StartsWith("/ajax-api/", StringComparison.Ordinal));
            var theirs = changes ? await Belongings.MakeAsync(server.Alice, server.Admin) : shared;
            if (isRestore)
            {
                (await server.Alice.PostAsync("/api/2.0/mlflow/experiments/delete", $$"""{"experiment_id":"{{theirs.Experiment}}"}""")).Expect(200);
            }

            foreach (var (level, isAllowed) in Expected(need, changes))
            {
                if (level == "nobody")
                {
                    await TryAsync(server.Stranger, need, method, pattern, theirs, isAllowed, faults);
                    continue;
                }

                await server.AllowAsync(theirs.Experiment, "bob", level);
                await TryAsync(server.Bob, need, method, pattern, theirs, isAllowed, faults, level);
            }

            if (need == "admin" && method == "GET")
            {
                await TryAsync(server.Admin, need, method, pattern, theirs, isAllowed: true, faults);
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    /// <summary>Who is to be tried, and whether he is let in.</summary>
    private static IEnumerable<(string Level, bool IsAllowed)> Expected(string need, bool changes)
    {
        var least = Array.IndexOf(Levels, need.ToUpperInvariant());
        yield return ("nobody", need is "open" or "signed");
        for (var i = 0; i < Levels.Length; i++)
        {
            switch (need)
            {
                case "admin":
                    yield return (Levels[i], false);
                    break;
                case "list" or "self" or "open":
                    yield return (Levels[i], true);
                    yield break;
                case "signed":
                    yield break;
                default:
                    if (i < least || (i == least && (changes || need == "read")))
                    {
                        yield return (Levels[i], i >= least);
                    }

                    break;
            }
        }
    }

    private static async Task TryAsync(Person person, string need, string method, string pattern, Belongings theirs, bool isAllowed, List<string> faults, string? level = null)
    {
        var (path, body) = RouteRequest.Of(method, pattern, theirs);
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await person.SendAsync(method, path, content);
        var right = !isAllowed ? answer.Status == (person.Name == "stranger" ? 401 : 403)
            : need == "signed" ? answer.Status is 400 or 401 or 403 or 404
            : answer.Status is not (401 or 403) and (< 500 or 501);
        if (!right)
        {
            faults.Add($"{need} {method} {pattern} as {person.Name} with {level ?? "nothing"}: {answer.Status} {Shorten(answer.Text)}");
        }

        if (level == "NO_PERMISSIONS" && Leak().Replace(answer.Text, "").Contains(theirs.ExperimentName[..theirs.ExperimentName.LastIndexOf('-')] + "-", StringComparison.Ordinal) && !path.Contains(Belongings.Secret, StringComparison.Ordinal))
        {
            faults.Add($"{need} {method} {pattern} tells of what is hidden: {Shorten(answer.Text)}");
        }
    }

    private static string Shorten(string text) => text.Length > 200 ? text[..200] : text;

    // What was asked for may be named in the answer.
    [GeneratedRegex("(?<=')hushhush[^']*(?=')|(?<==)hushhush[^ \"]*")]
    private static partial Regex Leak();
}
