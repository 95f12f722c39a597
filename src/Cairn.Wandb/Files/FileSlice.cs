using Cairn.Core;
using Cairn.Core.Blobs;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Files;

/// <summary>Files of runs: where to put them, which there are, deleting them.</summary>
internal sealed class FileSlice(SignedLinks links) : ISchemaSlice
{
    private const int LargestPage = 1000;
    private const int MostUploads = 10_000;

    public string Text =>
        """
        extend type Run {
          fileCount: Int!
          files(names: [String] = [], first: Int = 50, after: String, pattern: String): FileConnection!
        }
        extend type Mutation {
          createRunFiles(input: CreateRunFilesInput!): CreateRunFilesPayload
          markRunFilesUploaded(input: MarkRunFilesUploadedInput!): MarkRunFilesUploadedPayload
          deleteFiles(input: DeleteFilesInput!): DeleteFilesPayload
        }
        type FileConnection {
          edges: [FileEdge!]!
          pageInfo: PageInfo!
          totalCount: Int
          uploadHeaders: [String!]
        }
        type FileEdge { node: File cursor: String! }
        type File {
          id: ID!
          name: String!
          displayName: String
          url(upload: Boolean): String
          directUrl: String
          uploadUrl: String
          uploadHeaders: [String!]!
          sizeBytes: Int64
          storagePath: String
          mimetype: String
          updatedAt: DateTime
          digest: String
          md5: String
        }
        input CreateRunFilesInput { entityName: String projectName: String runName: String! files: [String!]! clientMutationId: String }
        type CreateRunFilesPayload { runID: ID! uploadHeaders: [String!]! files: [File!]! }
        input MarkRunFilesUploadedInput { entityName: String projectName: String runName: String! files: [String!]! }
        type MarkRunFilesUploadedPayload { success: Boolean }
        input DeleteFilesInput { files: [ID!]! projectId: Int clientMutationId: String }
        type DeleteFilesPayload { success: Boolean }
        """;

    public void Answer(SchemaBuilder schema)
    {
        schema.Object<RunNode>("Run")
            .FieldAsync("fileCount", async (run, call) => (await call.Request.Services.Files.ListAsync(FileOwner.Of(run.Run.Id), "", call.CancellationToken)).Count)
            .FieldAsync("files", async (run, call) => await ListAsync(run, call));
        schema.Object<FileList>("FileConnection")
            .Field("edges", list => list.Page.Edges)
            .Field("pageInfo", list => list.Page.End)
            .Field("totalCount", list => list.Total)
            .Field("uploadHeaders", _ => Array.Empty<string>());
        schema.Object<Edge<FileNode>>("FileEdge").Field("node", edge => edge.Node).Field("cursor", edge => edge.Cursor);
        schema.Object<FileNode>("File")
            .Field("id", file => file.Id)
            .Field("name", file => file.Name)
            .Field("displayName", file => file.Name)
            .Field("url", (file, call) => call.Arguments.Flag("upload") ? file.UploadUrl : file.Url)
            .Field("directUrl", file => file.DirectUrl)
            .Field("uploadUrl", file => file.UploadUrl)
            .Field("uploadHeaders", file => file.UploadHeaders)
            .Field("sizeBytes", file => file.Size)
            .Field("storagePath", file => file.StoragePath)
            .Field("mimetype", file => file.MimeType)
            .Field("updatedAt", file => WandbTime.Of(file.UpdatedAt))
            .Field("digest", file => file.Md5)
            .Field("md5", file => file.Md5);
        schema.Mutation
            .FieldAsync("createRunFiles", async (_, call) => await CreateAsync(call))
            .FieldAsync("markRunFilesUploaded", async (_, call) => await MarkAsync(call))
            .FieldAsync("deleteFiles", async (_, call) => await DeleteAsync(call));
        schema.Object<NewFiles>("CreateRunFilesPayload")
            .Field("runID", made => made.Run.Id)
            .Field("uploadHeaders", _ => Array.Empty<string>())
            .Field("files", made => made.Files);
        schema.Object<Done>("MarkRunFilesUploadedPayload").Field("success", _ => true);
        schema.Object<Done>("DeleteFilesPayload").Field("success", _ => true);
    }

    private async ValueTask<FileList> ListAsync(RunNode run, FieldCall call)
    {
        var stored = await call.Request.Services.Files.ListAsync(FileOwner.Of(run.Run.Id), "", call.CancellationToken);
        var names = call.Arguments.Texts("names");
        if (names.Count > 0)
        {
            // Named files are there to be read or to be written: those that are missing get an address for their upload.
            var known = stored.ToDictionary(file => file.Path, StringComparer.Ordinal);
            var nodes = Names(names).Select(name => FileNode.Of(call.Request, links, run, name, known.GetValueOrDefault(RelativePath.Normalize(name)))).ToList();
            return new FileList(new Page<FileNode>(nodes), nodes.Count);
        }

        var wanted = call.Arguments.Text("pattern") is { Length: > 0 } pattern ? stored.Where(file => IsLike(file.Path, pattern)).ToList() : stored;
        var offset = Cursor.Offset(call.Arguments.Text("after"));
        var first = (int)Math.Clamp(call.Arguments.Number("first") ?? 50, 1, LargestPage);
        var page = wanted.Skip(offset).Take(first).Select(file => FileNode.Of(call.Request, links, run, file.Path, file)).ToList();
        return new FileList(new Page<FileNode>(page, offset, wanted.Count > offset + first), wanted.Count);
    }

    private async ValueTask<NewFiles> CreateAsync(FieldCall call)
    {
        var run = await FindAsync(call);
        await call.Request.Services.Files.CheckWritableAsync(FileOwner.Of(run.Run.Id), call.CancellationToken);
        return new NewFiles(run, [.. Names(call.Input.Texts("files")).Select(name => FileNode.Of(call.Request, links, run, name, file: null))]);
    }

    private static async ValueTask<Done> MarkAsync(FieldCall call)
    {
        // A file is there when its bytes are: there is nothing to mark, but the run must exist.
        await FindAsync(call);
        return new Done();
    }

    private static async ValueTask<RunNode> FindAsync(FieldCall call) =>
        await RunNode.FindAsync(call.Request, call.Input.Text("projectName"), call.Input.Text("runName"), call.CancellationToken)
        ?? throw CairnException.NotFound($"There is no run '{call.Input.Text("runName")}' in the project '{call.Input.Text("projectName")}'.");

    private static async ValueTask<Done> DeleteAsync(FieldCall call)
    {
        foreach (var id in call.Input.Texts("files"))
        {
            var text = NodeId.Read("RunFile", id);
            var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
            if (colon < 0 || !RunId.TryParse(text![..colon], out var run))
            {
                throw CairnException.NotFound($"There is no file with the id '{id}'.");
            }

            await call.Request.Services.Files.DeleteAsync(FileOwner.Of(run), text[(colon + 1)..], call.CancellationToken);
        }

        return new Done();
    }

    private static IEnumerable<string> Names(IReadOnlyList<string> names)
    {
        if (names.Count > MostUploads)
        {
            throw CairnException.Invalid("files", $"'files' has {names.Count} names; at most {MostUploads} are taken at once.");
        }

        foreach (var name in names)
        {
            RelativePath.Normalize(name, "files");
        }

        return names;
    }

    // SQL's LIKE, as W&B's server takes it: % and _.
    private static bool IsLike(string path, string pattern) => IsLike(path.AsSpan(), pattern.AsSpan());

    private static bool IsLike(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        int at = 0, next = 0, star = -1, mark = 0;
        while (at < text.Length)
        {
            if (next < pattern.Length && pattern[next] == '%')
            {
                star = next++;
                mark = at;
            }
            else if (next < pattern.Length && (pattern[next] == '_' || pattern[next] == text[at]))
            {
                at++;
                next++;
            }
            else if (star >= 0)
            {
                next = star + 1;
                at = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern[next..].TrimStart('%').Length == 0;
    }

    private sealed record NewFiles(RunNode Run, IReadOnlyList<FileNode> Files);

    private sealed record Done;
}

/// <summary>A page of files.</summary>
internal sealed record FileList(Page<FileNode> Page, int Total);
