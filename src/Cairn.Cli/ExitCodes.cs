namespace Cairn.Cli;

/// <summary>What a script can tell from the exit status. Listed in the help and in docs/cli.md; never renumbered.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int RunFailed = 1;
    public const int Usage = 2;
    public const int Unreachable = 3;
    public const int NotFound = 4;
    public const int Conflict = 5;
    public const int Denied = 6;
    public const int Trouble = 7;
    public const int Interrupted = 130;

    /// <summary>The reader of our output went away, as in <c>cairn runs ls | head -1</c>.</summary>
    public const int BrokenPipe = 141;

    public static readonly (int Code, string Meaning)[] All =
    [
        (Ok, "all went well"),
        (RunFailed, "the run failed, or a check of cairn doctor did"),
        (Usage, "wrong usage, or bad input such as a faulty MLproject"),
        (Unreachable, "no server answers, or none can be started"),
        (NotFound, "the run, artifact or experiment does not exist"),
        (Conflict, "a conflict: someone else was faster, or a rule forbids it now"),
        (Denied, "the server wants a key, or another one"),
        (Trouble, "other trouble: the disk, the server, damaged content"),
        (Interrupted, "stopped by Ctrl-C or a signal"),
    ];
}
