using Cairn.Client;
using SeattleWeather;
using SeattleWeather.Preprocess;

return await Component.RunAsync(
    "preprocess",
    args,
    arguments => arguments.Text("raw_data"),
    async (run, rawData, cancellation) =>
    {
        var raw = await run.UseArtifactAsync(rawData, cancellation);
        var clean = Cleaner.Clean(CsvTable.Read(await raw.FileAsync(cancellation: cancellation)));

        using var work = new WorkFolder();
        var path = work["clean_data.csv"];
        clean.Table.Write(path);
        var version = await run.LogArtifactAsync(
            new NewArtifact("clean_data.csv", "dataset")
            {
                Description = "One row for each day, in order, in one spelling.",
                Metadata = new Dictionary<string, object?>
                {
                    ["raw_data"] = $"{raw.Name}:{raw.Version}",
                    ["rows"] = clean.Table.Rows.Count,
                    ["duplicates_dropped"] = clean.Duplicates,
                    ["values_filled"] = clean.Filled,
                },
            }.AddFile(path),
            cancellation: cancellation);
        run.LogMetrics(new Dictionary<string, double>
        {
            ["rows"] = clean.Table.Rows.Count,
            ["duplicates_dropped"] = clean.Duplicates,
            ["values_filled"] = clean.Filled,
        });
        Console.WriteLine($"{version.Reference}: {clean.Table.Rows.Count} days; {clean.Duplicates} duplicates dropped, {clean.Filled} values filled");
    });
