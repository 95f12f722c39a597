using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Cairn.Core.Tests.Search;

/// <summary>What this thread has used of a processor, where the system tells: it does not grow while others have it.</summary>
internal static class ThreadTime
{
    private const int OfThread = 3;

    public static TimeSpan Now => OperatingSystem.IsLinux() && Environment.Is64BitProcess && clock_gettime(OfThread, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
        : Stopwatch.GetElapsedTime(0);

#pragma warning disable IDE1006, SYSLIB1054 // The system's name for it; generated code would need unsafe blocks.
    [DllImport("libc")]
    private static extern int clock_gettime(int clock, out Time time);
#pragma warning restore IDE1006, SYSLIB1054

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
