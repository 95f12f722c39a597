namespace Cairn.Core.Files;

/// <summary>What one kind of thing takes.</summary>
/// <param name="Kind">"run files", "artifacts: model", "database" …</param>
/// <param name="Count">How many files, or rows of the kind.</param>
/// <param name="Bytes">Bytes.</param>
public sealed record StorageUse(string Kind, long Count, long Bytes);
