using Cairn.Client;
using SeattleWeather;
using SeattleWeather.DownloadData;

return await Component.RunAsync(
    "download_data",
    args,
    arguments => arguments.Text("file"),
    async (run, file, cancellation) =>
    {
        using var work = new WorkFolder();
        var path = await Source.FetchAsync(file, work["raw_data.csv"], cancellation);
        var table = CsvTable.Read(path);
        var raw = await run.LogArtifactAsync(
            new NewArtifact("raw_data.csv", "dataset")
            {
                Description = "Daily weather as it came from the source.",
                Metadata = new Dictionary<string, object?> { ["source"] = file, ["rows"] = table.Rows.Count },
            }.AddFile(path, "raw_data.csv"),
            cancellation: cancellation);
        run.LogMetric("rows", table.Rows.Count);
        run.LogMetric("bytes", new FileInfo(path).Length);
        Console.WriteLine($"{raw.Reference}: {table.Rows.Count} rows from {file}{(raw.Created ? "" : " (known already)")}");
    });
