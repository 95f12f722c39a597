using System.Runtime.InteropServices;
using Cairn.Client;

namespace SeattleWeather;

/// <summary>What every component does before and after its work.</summary>
public static class Component
{
    /// <summary>
    /// Reads the command line, does the work as a run and answers the exit code: 0 when it succeeded, 1 when it failed, 130
    /// when it was stopped. Under <c>cairn run</c> the run is the one the component was launched as.
    /// </summary>
    /// <param name="name">Name of the component; kind of work of the run.</param>
    /// <param name="args">The command line.</param>
    /// <param name="read">Reads what the component wants from the command line.</param>
    /// <param name="work">The work.</param>
    public static async Task<int> RunAsync<T>(string name, string[] args, Func<Arguments, T> read, Func<CairnRun, T, CancellationToken, Task> work)
    {
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var arguments = Arguments.Parse(args);
            var options = read(arguments);
            arguments.RefuseOthers();
            // `cairn run` has recorded the parameters it was given; without it nobody has.
            var launched = Environment.GetEnvironmentVariable("CAIRN_RUN_ID") is { Length: > 0 };
            var run = new RunOptions { JobType = name, Name = name, Params = launched ? null : arguments.Given };
            await CairnRun.TrackAsync(run, (tracked, token) => work(tracked, options, token), stop.Token);
            return 0;
        }
        catch (Exception fault) when (fault is StopException or CairnClientException)
        {
            await Console.Error.WriteLineAsync($"{name}: {fault.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"{name}: stopped");
            return 130;
        }
    }
}
