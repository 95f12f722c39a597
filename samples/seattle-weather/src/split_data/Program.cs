using Cairn.Client;
using SeattleWeather;
using SeattleWeather.SplitData;

return await Component.RunAsync(
    "split_data",
    args,
    arguments => (CleanData: arguments.Text("clean_data"), TestDays: arguments.Whole("test_days", least: 1)),
    async (run, options, cancellation) =>
    {
        var clean = await run.UseArtifactAsync(options.CleanData, cancellation);
        var days = WeatherDay.From(CsvTable.Read(await clean.FileAsync(cancellation: cancellation)));
        var split = TimeSplit.At(FeatureBuilder.Build(days), options.TestDays);

        using var work = new WorkFolder();
        await LogAsync("train_data.csv", "Features and answers of the past, to learn from.", split.Train);
        await LogAsync("test_data.csv", "Features and answers of the newest days, to be judged by.", split.Test);
        run.LogMetrics(new Dictionary<string, double>
        {
            ["train_rows"] = split.Train.Rows.Count,
            ["test_rows"] = split.Test.Rows.Count,
            ["train_rain_share"] = split.Train.RainShare,
            ["test_rain_share"] = split.Test.RainShare,
        });

        async Task LogAsync(string name, string description, FeatureTable table)
        {
            table.Write(work[name]);
            var (from, to) = ($"{table.Rows[0].Day:yyyy-MM-dd}", $"{table.Rows[^1].Day:yyyy-MM-dd}");
            var version = await run.LogArtifactAsync(
                new NewArtifact(name, "dataset")
                {
                    Description = description,
                    Metadata = new Dictionary<string, object?>
                    {
                        ["clean_data"] = $"{clean.Name}:{clean.Version}",
                        ["rows"] = table.Rows.Count,
                        ["from"] = from,
                        ["to"] = to,
                    },
                }.AddFile(work[name]),
                cancellation: cancellation);
            Console.WriteLine($"{version.Reference}: {table.Rows.Count} days from {from} to {to}, rain on {table.RainShare:P0} of the days after them");
        }
    });
