using System.Runtime.InteropServices;

namespace Cairn.Projects.Processes;

/// <summary>The calls of the C library that .NET has no words for: a child in a session of its own, and signals to all of it.</summary>
internal static unsafe partial class Libc
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int Interrupted = 4;

    /// <summary>Reset and unblocked for the child; .NET ignores SIGPIPE, for example, and ignoring is inherited.</summary>
    private static readonly int[] Signals = [1, 2, 3, 13, SigTerm, OperatingSystem.IsMacOS() ? 20 : 17];

    private const int SetDefaults = 0x04;
    private const int SetMask = 0x08;
    private static readonly int SetSession = OperatingSystem.IsMacOS() ? 0x400 : 0x80;

    /// <summary>Size of the C types posix_spawnattr_t, posix_spawn_file_actions_t and sigset_t, generously: they differ by system.</summary>
    private const int Room = 1024;

    /// <summary>
    /// Starts a program in a session (so also a process group) of its own. Its standard streams are the given descriptors,
    /// −1 leaves one as it is here; all other descriptors are closed by their close-on-exec mark.
    /// </summary>
    /// <returns>0, or the error number.</returns>
    public static int Spawn(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, string folder, int[] streams, out int pid)
    {
        var actions = stackalloc byte[Room];
        var attributes = stackalloc byte[Room];
        var signals = stackalloc byte[Room];
        using var argv = new NativeStrings(arguments);
        using var envp = new NativeStrings(environment);
        Require(SpawnActionsInit(actions));
        Require(SpawnAttributesInit(attributes));
        try
        {
            for (var target = 0; target < streams.Length; target++)
            {
                if (streams[target] >= 0)
                {
                    Require(SpawnActionsDup(actions, streams[target], target));
                }
            }

            Require(SpawnActionsFolder(actions, folder));
            Require(EmptySet(signals));
            Require(SpawnAttributesMask(attributes, signals));
            foreach (var signal in Signals)
            {
                Require(AddToSet(signals, signal));
            }

            Require(SpawnAttributesDefaults(attributes, signals));
            Require(SpawnAttributesFlags(attributes, (short)(SetSession | SetDefaults | SetMask)));
            return PosixSpawn(out pid, path, actions, attributes, argv.Pointer, envp.Pointer);
        }
        finally
        {
            SpawnActionsDestroy(actions);
            SpawnAttributesDestroy(attributes);
        }
    }

    /// <summary>Waits for a child; answers its raw status.</summary>
    public static int Wait(int pid)
    {
        int status;
        while (WaitPid(pid, out status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new InvalidOperationException($"Waiting for process {pid} failed: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }

        return status;
    }

    /// <summary>These calls only prepare memory; they fail where that is exhausted.</summary>
    private static void Require(int error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"A process could not be prepared: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Kill(int pid, int signal);

    
    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int PosixSpawn(out int pid, string path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SpawnActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void SpawnActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SpawnActionsDup(byte* actions, int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SpawnActionsFolder(byte* actions, string folder);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SpawnAttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void SpawnAttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SpawnAttributesFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SpawnAttributesDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SpawnAttributesMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EmptySet(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int AddToSet(byte* signals, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int WaitPid(int pid, out int status, int options);
}
