namespace Cairn.Core;

/// <summary>What people add to what they do: who they are, why they do it, a message, a key of their own.</summary>
internal static class NoteText
{
    public const int Longest = 1000;

    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> naming the field.</exception>
    public static void Check(string field, string? text)
    {
        if (text is { Length: > Longest })
        {
            throw CairnException.Invalid(field, $"'{field}' has {text.Length} characters; at most {Longest} are kept.");
        }
    }
}
