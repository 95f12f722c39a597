using Cairn.Core;
using Cairn.Core.Blobs;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Storage.Housekeeping;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Files;

/// <summary>File trees in SQL.</summary>
internal sealed partial class SqlFileStore(SqliteDatabase database) : IFileStore
{
    public Task PutAsync(FileOwner owner, StoredFile file, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                RefuseFileAsFolder(session, owner, file.Path);
                return session.Execute(
                    """
                    INSERT INTO file (owner, path, digest, size, updated_at) VALUES (@1, @2, @3, @4, @5)
                    ON CONFLICT (owner, path) DO UPDATE SET digest = excluded.digest, size = excluded.size, updated_at = excluded.updated_at
                    """,
                    owner.Value,
                    file.Path,
                    file.Digest.Value,
                    file.Size,
                    file.UpdatedAt);
            },
            cancellationToken);

    public Task<StoredFile?> FindAsync(FileOwner owner, string path, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.First("SELECT path, digest, size, updated_at FROM file WHERE owner = @1 AND path = @2", Read, owner.Value, path),
            cancellationToken);

    public Task<IReadOnlyList<StoredFile>> ListAsync(FileOwner owner, string folder, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredFile>>(
            session => session.Query(
                """
                SELECT path, digest, size, updated_at FROM file
                WHERE owner = @1 AND (@2 = '' OR path = @2 OR (path > @2 || '/' AND path < @2 || '0'))
                ORDER BY path
                """,
                Read,
                owner.Value,
                folder),
            cancellationToken);

    public Task<int> DeleteAsync(FileOwner owner, string path, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Execute(
                "DELETE FROM file WHERE owner = @1 AND (path = @2 OR (path > @2 || '/' AND path < @2 || '0'))",
                owner.Value,
                path),
            cancellationToken);

    public Task<IReadOnlySet<Digest>> ListMentionedAsync(IReadOnlyCollection<RunId> except, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlySet<Digest>>(
            session =>
            {
                var owners = $"[{string.Join(',', except.Select(run => $"\"{run}\""))}]";
                var found = new HashSet<Digest>();
                foreach (var select in Purge.Mentions(session))
                {
                    var isFiles = select.EndsWith(" file", StringComparison.Ordinal) && except.Count > 0;
                    found.UnionWith(session.Query(
                        isFiles ? $"{select} WHERE owner NOT IN (SELECT value FROM json_each(@1))" : select,
                        row => Digest.TryParse(row.GetString(0), out var digest) ? digest : default,
                        isFiles ? [owners] : []));
                }

                return found;
            },
            cancellationToken);

    public Task ForgetAsync(IReadOnlyCollection<Digest> digests, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => digests.Sum(digest => session.Execute("DELETE FROM blob_md5 WHERE digest = @1", digest.Value)),
            cancellationToken);

    // Names are not paths here, but they become paths where a tree is downloaded: a name cannot be file and folder.
    private static void RefuseFileAsFolder(SqlSession session, FileOwner owner, string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            var folder = path[..slash];
            if (session.Number("SELECT EXISTS (SELECT 1 FROM file WHERE owner = @1 AND path = @2)", owner.Value, folder) == 1)
            {
                throw CairnException.Invalid("path", $"'{path}' cannot be stored: '{folder}' is a file.");
            }
        }

        // '0' is the character after '/': the range is everything under the folder.
        if (session.Number(
            "SELECT EXISTS (SELECT 1 FROM file WHERE owner = @1 AND path > @2 || '/' AND path < @2 || '0')",
            owner.Value,
            path) == 1)
        {
            throw CairnException.Invalid("path", $"'{path}' cannot be stored: it is a folder.");
        }
    }

    private static StoredFile Read(SqliteDataReader row) =>
        new(row.GetString(0), Digest.Parse(row.GetString(1)), row.GetInt64(2), row.GetInt64(3));
}
