using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Sweeps;
using Cairn.Server.Hosting;
using Cairn.Wandb.Sweeps;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class SweepEndpoints
{
    public static async Task List(HttpContext http)
    {
        var text = Bind.Query(http, "experiment") ?? throw CairnException.Invalid("experiment", "'experiment' is missing: say whose sweeps are wanted.");
        var experiment = await Experiments(http).GetAsync(text, http.RequestAborted);
        var infos = new List<Wire.SweepInfo>();
        foreach (var sweep in await Store(http).ListAsync(experiment.Id, http.RequestAborted))
        {
            var trials = await Store(http).ListTrialsAsync(sweep.Id, http.RequestAborted);
            infos.Add(ToWire(sweep, experiment, SweepConfig.Read(sweep.Config), trials.Count));
        }

        await http.WriteJsonAsync(new Wire.SweepList(infos));
    }

    public static async Task Get(HttpContext http) => await WriteAsync(http, await FindAsync(http));

    public static async Task SetState(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.SweepStateRequest>();
        var state = request.State switch
        {
            "running" => SweepState.Running,
            "paused" => SweepState.Paused,
            "stopped" => SweepState.Stopped,
            "canceled" => SweepState.Canceled,
            _ => throw CairnException.Invalid("state", "'state' must be running, paused, stopped or canceled."),
        };
        await WriteAsync(http, await Director(http).SetStateAsync(await FindAsync(http), state, http.RequestAborted));
    }

    private static async Task<Sweep> FindAsync(HttpContext http)
    {
        var experiment = Bind.ExperimentId(http);
        var name = Bind.Route(http, "name");
        return await Store(http).FindAsync(experiment, name, http.RequestAborted)
            ?? throw CairnException.NotFound($"There is no sweep '{name}' in experiment {experiment}.");
    }

    private static async Task WriteAsync(HttpContext http, Sweep sweep)
    {
        var experiment = await Experiments(http).GetAsync(sweep.ExperimentId, http.RequestAborted);
        var plan = SweepConfig.Read(sweep.Config);
        var outcomes = await Director(http).ReadAsync(sweep, plan, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.SweepDetail(
            ToWire(sweep, experiment, plan, outcomes.Count),
            [.. outcomes.Where(outcome => outcome.Run is not null).Select(outcome => new Wire.SweepRun(
                outcome.Run!.ToWire(experiment.Name),
                Chosen(outcome.Trial.Arguments),
                outcome.IsBest,
                outcome.Value))]));
    }

    private static Wire.SweepInfo ToWire(Sweep sweep, Experiment experiment, SweepPlan plan, int runs) => new(
        experiment.Id.ToString(),
        experiment.Name,
        sweep.Name,
        sweep.DisplayName,
        sweep.Description,
        sweep.State.ToString().ToLowerInvariant(),
        plan.Method,
        plan.Metric,
        plan.IsMaximized ? "maximize" : "minimize",
        plan.EarlyStop is not null,
        runs,
        plan.ExpectedTrials,
        sweep.Config,
        sweep.CreatedAt,
        sweep.UpdatedAt);

    // {"net": {"value": {"depth": 3}}} is the parameter net.depth.
    private static Dictionary<string, JsonElement> Chosen(string arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        var chosen = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            Add(chosen, member.Name, member.Value.GetProperty("value"u8));
        }

        return chosen;
    }

    private static void Add(Dictionary<string, JsonElement> chosen, string key, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any())
        {
            foreach (var member in value.EnumerateObject())
            {
                Add(chosen, $"{key}.{member.Name}", member.Value);
            }
        }
        else
        {
            chosen[key] = value.Clone();
        }
    }

    private static ISweepStore Store(HttpContext http) => http.RequestServices.GetRequiredService<ISweepStore>();

    private static SweepDirector Director(HttpContext http) => http.RequestServices.GetRequiredService<SweepDirector>();

    private static ExperimentCatalog Experiments(HttpContext http) => http.RequestServices.GetRequiredService<ExperimentCatalog>();
}
