// A process that starts a run, logs a value, and ends in one of the ways a test wants to see, without disposing the run.
using Cairn.Client;

var run = await CairnRun.StartAsync();

// The ways to the server are compiled before the end, whose time is short also on a machine that is slow.
run.SetTag("begun", "yes");
await run.FlushAsync();
run.LogMetric("loss", 0.5);
run.Log("line");
Console.WriteLine(run.Id);
switch (args[0])
{
    case "return":
        return 0;
    case "exit":
        Environment.Exit(3);
        break;
    case "throw":
        new Thread(() => throw new InvalidOperationException("nobody catches this")).Start();
        await Task.Delay(Timeout.Infinite);
        break;
    case "wait":
        await Task.Delay(Timeout.Infinite);
        break;
}

return 1;
