using System.Globalization;

namespace Cairn.Projects;

/// <summary>How a process ended.</summary>
/// <param name="Code">Its exit code; 128 + the signal where one ended it, as shells have it.</param>
/// <param name="Signal">The signal that ended it, or null.</param>
public sealed record ChildExit(int Code, int? Signal)
{
    public bool IsSuccess => Code == 0;

    /// <summary>"exit code 3", "SIGKILL (signal 9)".</summary>
    public override string ToString() => Signal is { } signal
        ? string.Create(CultureInfo.InvariantCulture, $"{Name(signal)} (signal {signal})")
        : string.Create(CultureInfo.InvariantCulture, $"exit code {Code}");

    /// <summary>From waitpid's status word.</summary>
    internal static ChildExit FromStatus(int status)
    {
        var signal = status & 0x7f;
        return signal == 0 ? new ChildExit((status >> 8) & 0xff, null) : new ChildExit(128 + signal, signal);
    }

    private static string Name(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        _ => "killed",
    };
}
