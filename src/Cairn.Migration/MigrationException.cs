namespace Cairn.Migration;

/// <summary>A source that cannot be read as what it should be; the message names it and the remedy.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
