using Cairn.Client;
using SeattleWeather;
using SeattleWeather.Evaluate;

return await Component.RunAsync(
    "evaluate",
    args,
    arguments => new Options(
        arguments.Text("model"),
        arguments.Text("test_data"),
        Metric.Named(arguments.Text("metric")),
        arguments.Number("min_gain", 0, 1)),
    async (run, options, cancellation) =>
    {
        var data = await run.UseArtifactAsync(options.TestData, cancellation);
        var table = FeatureTable.Read(await data.FileAsync(cancellation: cancellation));
        var days = $"the {table.Rows.Count} days to {table.Rows[^1].Day:yyyy-MM-dd}";

        var candidate = await JudgedModel.LoadAsync(run, options.Model, table, cancellation)
            ?? throw new StopException($"There is no {options.Model}: run train_random_forest first.");
        var current = await JudgedModel.LoadAsync(run, $"{candidate.Name}:{Registry.Production}", table, cancellation);

        run.LogMetrics(candidate.Scores.Named(""));
        if (current is not null)
        {
            run.LogMetrics(current.Scores.Named($"{Registry.Production}/"));
            run.LogMetric("gain", options.Metric.Gain(options.Metric.Of(candidate.Scores), options.Metric.Of(current.Scores)));
            var interval = GainInterval.Of(options.Metric, table.Labels, candidate.Probabilities, current.Probabilities, seed: 1);
            run.LogMetrics(new Dictionary<string, double> { ["gain_low"] = interval.Low, ["gain_high"] = interval.High });
        }

        await EvaluationPictures.LogAsync(run, table, candidate, current, days, cancellation);
        await run.LogTextAsync(Predictions.Csv(table, candidate, current), "predictions.csv", cancellation);

        var decision = Promotion.Decide(
            options.Metric,
            candidate.For(options.Metric),
            current?.For(options.Metric),
            options.MinGain,
            days);
        Console.WriteLine(decision.Why);
        run.SetSummary("why", decision.Why);
        using var client = new CairnClient();
        await Registry.EnsureGateAsync(client, run, candidate, Registry.Condition(options.Metric, options.MinGain), cancellation);
        var promoted = await Registry.PromoteAsync(run, candidate, current, decision, cancellation);
        run.SetTag("decision", promoted ? "promoted" : "kept");
    });
