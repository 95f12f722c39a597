namespace Cairn.Core.Uploads;

/// <summary>One content that is sent in several requests.</summary>
/// <param name="Id">32 lower-case hexadecimal digits.</param>
/// <param name="Target">What the content is for, in the words of the door that began it. Whoever completes it must say the same.</param>
/// <param name="Parts">How many parts it has; they are numbered from 1.</param>
/// <param name="Md5s">What each part must hash to, hexadecimal, in order; empty where nobody knows before.</param>
/// <param name="IsFinished">The content has been taken; its parts are gone.</param>
public sealed record PartedUpload(string Id, string Target, int Parts, IReadOnlyList<string> Md5s, bool IsFinished = false)
{
    /// <summary>The user who began it; null for the operator.</summary>
    public Accounts.UserId? Owner { get; init; }
}

/// <summary>A part that is there.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Md5">Hexadecimal, computed by this server.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct UploadedPart(int Number, string Md5, long Length);

/// <summary>A part as whoever completes an upload names it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Md5">What the client was told when the part arrived; quotes around it do not count.</param>
public readonly record struct ClaimedPart(long Number, string Md5);

/// <summary>Uploads that were given up.</summary>
public readonly record struct RemovedUploads(int Count, long Bytes);
