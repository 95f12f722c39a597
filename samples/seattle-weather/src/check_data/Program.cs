using Cairn.Client;
using SeattleWeather;
using SeattleWeather.CheckData;

return await Component.RunAsync(
    "check_data",
    args,
    arguments => (
        CleanData: arguments.Text("clean_data"),
        Reference: arguments.Text("reference"),
        Limits: new CheckLimits(
            arguments.Whole("min_rows", least: 1),
            arguments.Number("max_missing", 0, 1),
            arguments.Whole("max_gap_days", least: 0),
            arguments.Number("max_psi", 0, 100))),
    async (run, options, cancellation) =>
    {
        var clean = await run.UseArtifactAsync(options.CleanData, cancellation);
        var reference = await FindAsync(run, options.Reference, cancellation);
        Console.WriteLine(reference is null
            ? $"checking {clean.Name}:{clean.Version} (there is no {options.Reference} yet)"
            : $"checking {clean.Name}:{clean.Version} against {reference.Name}:{reference.Version}");

        var results = CheckSuite.Run(
            CsvTable.Read(await clean.FileAsync(cancellation: cancellation)),
            reference is null ? null : CsvTable.Read(await reference.FileAsync(cancellation: cancellation)),
            options.Limits);
        var report = Report.Of(results);
        Console.Write(report);
        await run.LogTextAsync(report, "checks.txt", cancellation);
        run.LogMetrics(results.SelectMany(result => result.Measured).ToDictionary(measured => measured.Key, measured => measured.Value));

        foreach (var result in results)
        {
            // Gates and triggers of the server listen to these.
            run.LogCheck(result.Name, result.Outcome != Outcome.Failed, result.Detail);
        }

        var failed = results.Where(result => result.Outcome == Outcome.Failed).ToArray();
        run.LogMetrics(new Dictionary<string, double> { ["checks"] = results.Count, ["checks_failed"] = failed.Length });
        if (failed.Length > 0)
        {
            throw new StopException($"{clean.Name}:{clean.Version} failed {Report.Verdict(failed)}");
        }

        if (reference is null)
        {
            await BecomeReferenceAsync(run, clean, options.Reference, cancellation);
        }
    });

static async Task<UsedArtifact?> FindAsync(CairnRun run, string reference, CancellationToken cancellation)
{
    try
    {
        return await run.UseArtifactAsync(reference, cancellation);
    }
    catch (CairnClientException missing) when (missing.Code == "not_found")
    {
        return null;
    }
}

// The first data that passes is what later data is compared with, until evaluate names the data of a better model.
static async Task BecomeReferenceAsync(CairnRun run, UsedArtifact clean, string reference, CancellationToken cancellation)
{
    if (reference.Split(':') is not [var name, var alias] || name != clean.Name || IsVersion(alias))
    {
        return;
    }

    try
    {
        await run.MoveAliasAsync(name, alias, clean.Version, "The first data that passed the checks.", expect: "", cancellation);
        Console.WriteLine($"{alias} → {name}:{clean.Version}");
    }
    catch (CairnClientException moved) when (moved.Code == "conflict")
    {
        Console.WriteLine($"somebody else has set {reference} meanwhile");
    }
}

static bool IsVersion(string alias) => alias is ['v', .. var digits] && digits.All(char.IsAsciiDigit);
