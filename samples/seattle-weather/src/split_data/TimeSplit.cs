namespace SeattleWeather.SplitData;

/// <summary>The past to learn from and the newest days to be judged by.</summary>
internal sealed record TimeSplit(FeatureTable Train, FeatureTable Test)
{
    /// <summary>
    /// Cuts off the newest <paramref name="testDays"/> calendar days as test. The answer of a training row is a fact of the
    /// following day, so the row of the last day before the cut is dropped: all that training knows is older than the test.
    /// </summary>
    public static TimeSplit At(FeatureTable table, int testDays)
    {
        if (testDays < 1)
        {
            throw new StopException($"test_days must be at least 1, but is {testDays}.");
        }

        if (table.Rows.Count == 0)
        {
            throw new StopException("There is no day with a week of history and a day after it: nothing can be learnt.");
        }

        var firstTestDay = table.Rows.Max(row => row.Day).AddDays(1 - testDays);
        var train = table.Rows.Where(row => row.Day.AddDays(1) < firstTestDay).ToArray();
        if (train.Length == 0)
        {
            throw new StopException($"test_days={testDays} leaves nothing to train on: the data have {table.Rows.Count} usable days.");
        }

        return new TimeSplit(table with { Rows = train }, table with { Rows = [.. table.Rows.Where(row => row.Day >= firstTestDay)] });
    }
}
