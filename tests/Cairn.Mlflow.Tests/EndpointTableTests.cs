using System.Text.RegularExpressions;

namespace Cairn.Mlflow.Tests;

/// <summary>The table of endpoints in docs/mlflow.md says what the server does.</summary>
public sealed partial class EndpointTableTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    [Fact]
    public async Task The_documented_table_of_endpoints_is_what_the_server_answers()
    {
        var file = Path.Combine(Root(), "docs", "mlflow.md");
        var rows = Row().Matches(await File.ReadAllTextAsync(file));
        Assert.True(rows.Count > 100, "The table is missing.");
        var faults = new List<string>();
        foreach (Match row in rows)
        {
            var (method, path, said) = (row.Groups["method"].Value, row.Groups["path"].Value, row.Groups["here"].Value);
            var found = await AskAsync(method, Parameter().Replace(path, "x"));
            if (found != said.Split(':')[0])
            {
                faults.Add($"{method} {path}: the table says '{said}', the server {found}");
            }

            if (path.StartsWith("/api/", StringComparison.Ordinal) && await AskAsync(method, "/ajax-api" + Parameter().Replace(path[4..], "x")) != found)
            {
                faults.Add($"{method} {path}: differs under /ajax-api");
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    private async Task<string> AskAsync(string method, string path)
    {
        var answer = await server.SendAsync(method, path, method == "GET" ? null : "{}");
        return answer.Status == 501 ? "NOT_IMPLEMENTED"
            : answer.Status == 405 || answer.Text.Contains("ENDPOINT_NOT_FOUND", StringComparison.Ordinal) || answer.Text.Contains("There is no " + method, StringComparison.Ordinal) ? "unknown"
            : answer.Status >= 500 ? $"fails ({answer.Status})"
            : "works";
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Cairn.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run in the repository.");
        }

        return folder;
    }

    [GeneratedRegex(@"^\| \w+ \| (?<method>[A-Z]+) \| `(?<path>/[^`]+)` \| (?<here>[^|]+?) \|\s*$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
