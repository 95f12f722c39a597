namespace Cairn.Client;

/// <summary>How a run stands.</summary>
public enum RunStatus
{
    /// <summary>It goes on.</summary>
    Running,

    /// <summary>It waits for its turn.</summary>
    Scheduled,

    /// <summary>It ended well.</summary>
    Finished,

    /// <summary>It ended with an error.</summary>
    Failed,

    /// <summary>Someone stopped it.</summary>
    Killed,

    /// <summary>It vanished without a word.</summary>
    Crashed,
}
