using Cairn.Core;
using Cairn.Core.Promotion;
using Cairn.Core.Runs;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>Checks that runs report.</summary>
internal static class CheckEndpoints
{
    public static async Task List(HttpContext http) => await WriteAsync(http);

    public static async Task Report(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.ReportCheckRequest>();
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 200 || request.Name.Any(char.IsControl))
        {
            throw CairnException.Invalid("name", "'name' must be 1 to 200 characters in one line.");
        }

        var word = request.Passed ? "passed" : "failed";
        var text = string.IsNullOrWhiteSpace(request.Detail) ? word : $"{word}: {request.Detail}";
        if (text.Length > RunRules.ValueLength)
        {
            throw CairnException.Invalid("detail", $"'detail' has {text.Length} characters; at most {RunRules.ValueLength - 8} are kept.");
        }

        await http.RequestServices.GetRequiredService<RunJournal>().ApplyAsync(
            new RunUpdate(Bind.RunId(http)) { Tags = [new TagChange(CheckResult.Prefix + request.Name, text)] }, http.RequestAborted);
        await WriteAsync(http);
    }

    private static async Task WriteAsync(HttpContext http)
    {
        var id = Bind.RunId(http);
        var run = await http.RequestServices.GetRequiredService<IRunStore>().FindRunAsync(id, http.RequestAborted)
            ?? throw CairnException.NotFound($"Run with id={id} not found");
        await http.WriteJsonAsync(new Wire.CheckList([.. CheckReader.Read(run).Select(check => new Wire.CheckInfo(check.Name, check.Passed, check.Detail))]));
    }
}
