using Cairn.Client;
using SeattleWeather;
using SeattleWeather.Forest;
using SeattleWeather.Pictures;
using SeattleWeather.TrainRandomForest;

return await Component.RunAsync(
    "train_random_forest",
    args,
    arguments => (
        TrainData: arguments.Text("train_data"),
        Settings: new ForestSettings(
            arguments.Whole("trees", least: 1),
            arguments.Whole("leaves", least: 2),
            arguments.Whole("min_leaf", least: 1),
            arguments.Number("feature_fraction", 0.01, 1),
            arguments.Whole("seed", least: 0))),
    async (run, options, cancellation) =>
    {
        var data = await run.UseArtifactAsync(options.TrainData, cancellation);
        var table = FeatureTable.Read(await data.FileAsync(cancellation: cancellation));
        var trained = ForestTrainer.Train(table, options.Settings);

        for (var trees = 1; trees <= trained.Curve.Count; trees++)
        {
            run.LogMetric("cv_auc", trained.Curve[trees - 1], trees);
        }

        var scores = trained.Validation.Named("cv_");
        scores.Remove("cv_auc");
        run.LogMetrics(scores);
        run.LogMetric("train_rows", table.Rows.Count);

        using var work = new WorkFolder();
        BarChart.Save(
            work["importance.png"],
            "What the forest leans on",
            $"{options.Settings.Trees} trees, {table.Rows.Count} days from {table.Rows[0].Day:yyyy-MM-dd} to {table.Rows[^1].Day:yyyy-MM-dd}",
            "AUC lost when the feature is shuffled, in cross-validation",
            [.. trained.Importance.Select(feature => new Bar(feature.Name, feature.Loss, feature.Spread))]);
        await run.LogImageAsync("importance", work["importance.png"], "Permutation importance of the features", cancellation: cancellation);

        trained.Model.Save(work["model"]);
        var version = await run.LogArtifactAsync(
            new NewArtifact("model_export", "model")
            {
                Description = "Random forest that tells the probability of rain on the following day.",
                Metadata = new Dictionary<string, object?>
                {
                    ["train_data"] = $"{data.Name}:{data.Version}",
                    // evaluate moves the reference of check_data to what a model in production learnt from.
                    ["clean_data"] = data.Info.Metadata?.GetProperty("clean_data").GetString(),
                    ["cv_auc"] = trained.Validation.Auc,
                },
            }.AddDirectory(work["model"]),
            cancellation: cancellation);
        Console.WriteLine($"{version.Reference}: {options.Settings.Trees} trees on {table.Rows.Count} days, AUC {trained.Validation.Auc:F4} in cross-validation; it leans most on {trained.Importance[0].Name}");
    });
