using System.Security.Cryptography;
using System.Text;

namespace Cairn.Projects.Pipelines.Caching;

/// <summary>
/// Files that runs of a component wrote into its own folder. They are not code as long as their content is what a run
/// wrote; edited by a person they are. Kept on this machine, beside the environments.
/// </summary>
internal sealed class StepProducts
{
    private const int MostKept = 20_000;
    private readonly string _file;
    private readonly HashSet<string> _written;

    private StepProducts(string file, HashSet<string> written) => (_file, _written) = (file, written);

    public static StepProducts Of(string cacheFolder, string component)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(component)))[..24];
        var file = Path.Combine(cacheFolder, "products", name);
        return new StepProducts(file, File.Exists(file) ? [.. File.ReadAllLines(file)] : []);
    }

    /// <summary>True where a run wrote the file as it is now.</summary>
    public bool Wrote(string path, string digest) => _written.Contains($"{digest} {path}");

    /// <summary>Notes what is in the folder after a run and was not before it.</summary>
    public void Note(string component, CodeDigest before)
    {
        var known = before.Files.Select(file => file.Key).ToHashSet(StringComparer.Ordinal);
        var news = CodeDigest.FilesOf(component)
            .Select(file => (Name: Path.GetRelativePath(component, file), File: file))
            .Where(file => !known.Contains(file.Name))
            .Select(file => $"{CodeDigest.DigestOf(file.File)} {file.Name}")
            .Where(_written.Add).ToArray();
        if (news.Length == 0)
        {
            return;
        }

        Environments.OwnFolder.Create(Path.GetDirectoryName(_file)!);
        var aside = $"{_file}.{Guid.NewGuid():N}";
        File.WriteAllLines(aside, _written.TakeLast(MostKept));
        File.Move(aside, _file, overwrite: true);
    }
}
