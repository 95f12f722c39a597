namespace Cairn.Client.Transfer;

/// <summary>
/// The local store of downloaded content, shared by all processes of a user:
/// <code>
/// blobs/ab/abcd…           each content once, under its SHA-256, read-only
/// versions/{digest}/path   the files of a version under their names, hard links to the blobs
/// </code>
/// There are no locks: a file appears by one rename, two who fetch the same content write the same bytes. Whatever is
/// found is hashed before it is handed out, so a file that someone has edited is fetched again, never believed.
/// </summary>
internal sealed class ArtifactCache(string folder)
{
    public string VersionFolder(string versionDigest) =>
        Path.Combine(folder, "versions", WellFormed(versionDigest));

    /// <summary>Makes the folder where it is missing, readable by its owner only: what the server gave to this user is not everybody's.</summary>
    public void Prepare()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Whether a file is there with exactly that content.</summary>
    public static async Task<bool> HoldsAsync(string file, ContentDigest content, CancellationToken cancellation)
    {
        var info = new FileInfo(file);
        return info.Exists
            && info.Length == content.Length
            && await LocalFile.DigestAsync(file, null, cancellation) == content;
    }

    /// <summary>Where the blob of a content is or would be.</summary>
    public string BlobFile(ContentDigest content) =>
        Path.Combine(folder, "blobs", WellFormed(content.Sha256)[..2], content.Sha256);

    /// <summary>
    /// Read-only keeps a careless editor off. Windows would not let a read-only file be replaced; there the hash has to do.
    /// </summary>
    public static void Seal(string blob)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                blob,
                File.GetUnixFileMode(blob) & ~(UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        }
    }

    /// <summary>Gives a blob its name in a version.</summary>
    public static void Link(string blob, string target) => Place(target, part =>
    {
        if (!HardLink.TryCreate(blob, part))
        {
            File.Copy(blob, part);
        }
    });

    /// <summary>Copies a blob to where the user wants it: a file of the user's own, free to be edited.</summary>
    public static void Copy(string blob, string target) => Place(target, part =>
    {
        File.Copy(blob, part);
        File.SetAttributes(part, FileAttributes.Normal);
    });

    private static void Place(string target, Action<string> make)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var part = $"{target}.{Guid.NewGuid():N}.part";
        try
        {
            make(part);
            File.Move(part, target, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static string WellFormed(string digest) => ContentDigest.IsWellFormed(digest)
        ? digest
        : throw new CairnClientException(null, "corrupt", $"The server named \"{digest}\" as a digest, which is none.");
}
