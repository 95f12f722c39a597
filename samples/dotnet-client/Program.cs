// Fits a line to noisy points by gradient descent and shows what Cairn keeps of it: parameters, a metric per epoch, a
// picture, a model as artifact, and the alias "prod" that moves only when the new model is better.
using System.Globalization;
using Cairn.Client;
using DotnetClient;

var epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200;
const double Rate = 0.05;

try
{
    await CairnRun.TrackAsync(
        new RunOptions
        {
            Experiment = "dotnet-client",
            JobType = "train",
            Params = new Dictionary<string, object?> { ["epochs"] = epochs, ["rate"] = Rate },
        },
        TrainAsync);
    return 0;
}
catch (CairnClientException fault)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}

async Task TrainAsync(CairnRun run, CancellationToken cancellation)
{
    Console.WriteLine($"run {run.Info.Name}: {run.Url}");
    var points = Line.NoisyPoints(count: 80, slope: 1.7, offset: 0.4);
    var line = new Line(0, 0);
    for (var epoch = 0; epoch < epochs; epoch++)
    {
        line = line.Step(points, Rate);
        run.LogMetric("loss", line.Loss(points), epoch);
    }

    var loss = line.Loss(points);
    run.SetSummary("final_loss", loss);
    run.Log($"y = {line.Slope:0.000} x + {line.Offset:0.000}, loss {loss:0.0000}");
    await run.LogImageAsync("fit", line.Draw(points), "points and fitted line", cancellation: cancellation);

    var model = new NewArtifact("line_model", "model")
    {
        Description = $"after {epochs} epochs",
        Metadata = new Dictionary<string, object?> { ["loss"] = loss },
    };
    var version = await run.LogArtifactAsync(model.AddText("line.txt", line.ToText()), cancellation: cancellation);
    Console.WriteLine($"{version.Reference} {(version.Created ? "is new" : "was there already")}");
    await PromoteAsync(run, version, points, loss, cancellation);
}

static async Task PromoteAsync(
    CairnRun run, ArtifactVersion candidate, Point[] points, double loss, CancellationToken cancellation)
{
    string? current = null;
    try
    {
        var prod = await run.UseArtifactAsync("line_model:prod", cancellation);
        current = prod.Version;
        var line = Line.Parse(await File.ReadAllTextAsync(await prod.FileAsync(cancellation: cancellation), cancellation));
        if (line.Loss(points) <= loss)
        {
            Console.WriteLine($"prod stays {current}");
            return;
        }
    }
    catch (CairnClientException missing) when (missing.Code == "not_found")
    {
        // The first model of all.
    }

    var why = string.Create(CultureInfo.InvariantCulture, $"loss {loss:0.0000}");
    await run.MoveAliasAsync("line_model", "prod", candidate.Version, why, expect: current ?? "", cancellation);
    Console.WriteLine($"prod is {candidate.Version} now");
}
