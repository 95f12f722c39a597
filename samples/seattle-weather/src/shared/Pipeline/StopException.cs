namespace SeattleWeather;

/// <summary>The component cannot go on, for a reason that its message tells people; no stack trace is wanted.</summary>
public sealed class StopException : Exception
{
    /// <inheritdoc />
    public StopException()
    {
    }

    /// <inheritdoc />
    public StopException(string message)
        : base(message)
    {
    }

    /// <inheritdoc />
    public StopException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
