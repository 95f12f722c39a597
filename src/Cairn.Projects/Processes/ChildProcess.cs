using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Cairn.Projects.Processes;

/// <summary>
/// A program in a session of its own, so that a Ctrl-C in the terminal does not reach it behind our back and a signal
/// reaches everything it started. Standard input is inherited; the two outputs are read here.
///
/// It does not outlive us: should this process be killed with no chance to act, a waiting shell (<see cref="Lifeline"/>)
/// sees its pipe break and ends the group.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Lifeline _lifeline;

    private ChildProcess(int id, Stream output, Stream error, Lifeline lifeline)
    {
        Id = id;
        Output = output;
        Error = error;
        _lifeline = lifeline;
        Exited = WaitAsync(id);
    }

    /// <summary>Process id, and id of the process group.</summary>
    public int Id { get; }

    /// <summary>Its standard output; the reader disposes it.</summary>
    public Stream Output { get; }

    /// <summary>Its standard error; the reader disposes it.</summary>
    public Stream Error { get; }

    /// <summary>Ends when the program itself has ended; what it started may go on.</summary>
    public Task<ChildExit> Exited { get; }

    /// <exception cref="ProjectException">The program cannot be started.</exception>
    public static ChildProcess Start(ChildCommand command)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new ProjectException("Projects run on Linux and macOS only: their commands are POSIX shell lines. On Windows use WSL.");
        }

        // Both ends are close-on-exec: no other child inherits them and keeps them open.
        var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        var error = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        var lifeline = Lifeline.Ready(command.AfterOurDeath);
        try
        {
            var pid = Spawn(command, [-1, Descriptor(output), Descriptor(error)]);
            lifeline.Guard(pid);
            output.DisposeLocalCopyOfClientHandle();
            error.DisposeLocalCopyOfClientHandle();
            return new ChildProcess(pid, output, error, lifeline);
        }
        catch
        {
            output.Dispose();
            error.Dispose();
            lifeline.Break();
            throw;
        }
    }

    /// <summary>Starts a program that goes on without us, with nothing connected to it.</summary>
    public static void StartDetached(string program, IReadOnlyList<string> arguments, string folder)
    {
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        var sink = (int)nothing.DangerousGetHandle();
        _ = Spawn(new ChildCommand(program, arguments, folder, CurrentEnvironment.Copy()), [sink, sink, sink]);
    }

    /// <summary>Starts a program with the given standard streams in a session of its own.</summary>
    public static int Spawn(ChildCommand command, int[] streams)
    {
        var environment = command.Environment.Select(pair => $"{pair.Key}={pair.Value}").ToArray();
        var fault = Libc.Spawn(command.Program, [command.Program, .. command.Arguments], environment, command.Folder, streams, out var pid);
        return fault switch
        {
            0 => pid,
            7 => throw new ProjectException("The command with its parameters is too long for the system. Put long values into a file and hand over its path."),
            _ => throw new ProjectException($"'{command.Program}' could not be started in '{command.Folder}': {Marshal.GetPInvokeErrorMessage(fault)}."),
        };
    }

    /// <summary>Waits on a thread of its own: waiting for a child blocks, and there are few of them.</summary>
    public static Task<ChildExit> WaitAsync(int pid) =>
        Task.Factory.StartNew(() => ChildExit.FromStatus(Libc.Wait(pid)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Does what our own sudden death would do.</summary>
    internal void BreakLifeline() => _lifeline.Break();

    /// <summary>
    /// Lets go of the process. The outputs are left to who reads them: disposing a pipe while a thread reads from it
    /// waits for the other end, which a daemon may hold for ever.
    /// </summary>
    public void Dispose() => _lifeline.Dispose();

    public static int Descriptor(AnonymousPipeServerStream pipe) => (int)pipe.ClientSafePipeHandle.DangerousGetHandle();
}
