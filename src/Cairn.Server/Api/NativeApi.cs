using Cairn.Core.Uploads;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>What the server tells about itself.</summary>
internal sealed record ServerFacts(string Version, long StartedAt, string DataFolder, bool AuthRequired);

/// <summary>The route table of <c>/api/v1</c>; docs/native-api.md says it in prose.</summary>
internal static class NativeApi
{
    public static void MapNativeApi(this RouteTable table, ServerFacts facts)
    {
        table.Map("PUT", UploadLinks.Route, PartEndpoints.Put);
        table.Map("GET", "/health", http => http.Response.WriteAsync("OK", http.RequestAborted));

        var api = new ApiRoutes(table);
        api.Get<Wire.ServerInfo>("/server", "The server's version and settings", http => ServerEndpoints.Get(http, facts));

        api.Get<Wire.ExperimentList>("/experiments", "All experiments, newest activity first", ExperimentEndpoints.List);
        api.Post<Wire.EnsureExperimentRequest, Wire.ExperimentInfo>("/experiments", "The experiment of that name, made if missing", ExperimentEndpoints.Ensure);
        api.Get<Wire.ExperimentInfo>("/experiments/{experimentId}", "One experiment", ExperimentEndpoints.Get);
        api.Delete("/experiments/{experimentId}", "Move an experiment and its runs to the bin", ExperimentEndpoints.Delete);
        api.Post<Wire.ExperimentInfo>("/experiments/{experimentId}/restore", "Take an experiment and its runs out of the bin", ExperimentEndpoints.Restore);

        api.Post<Wire.CreateRunRequest, Wire.RunInfo>("/runs", "Start a run", RunEndpoints.Create);
        api.Get<Wire.RunPage>("/runs", "Search runs", RunEndpoints.Search);
        api.Get<Wire.RunDetail>("/runs/{runId}", "One run", RunEndpoints.Get);
        api.Delete("/runs/{runId}", "Move a run to the bin", RunEndpoints.Delete);
        api.Post<Wire.RunInfo>("/runs/{runId}/restore", "Take a run out of the bin", RunEndpoints.Restore);
        api.Accept<Wire.RunUpdate>("/runs/{runId}/updates", "Write into a run, whole or not at all", RunEndpoints.Update);
        api.Post<Wire.RunInfo>("/runs/{runId}/stop", "Ask a run to stop", RunEndpoints.Stop);
        api.Post<Wire.LaunchToken>("/runs/{runId}/launch-token", "A key whose runs become children of this one", RunEndpoints.IssueLaunchToken);
        api.Get<Wire.SeriesList>("/runs/{runId}/series", "Points of metric series", SeriesEndpoints.Get);
        api.Post<Wire.SeriesRequest, Stream>("/series", "Points of many runs' metrics, as columns of bytes", SeriesEndpoints.Draw);
        api.Get<Wire.LogPage>("/runs/{runId}/logs", "Console lines", LogEndpoints.Get);
        api.Post<Wire.UseArtifactRequest, Wire.VersionDetail>("/runs/{runId}/inputs", "Use an artifact version", ArtifactEndpoints.Use);

        api.Get<Wire.RunFileList>("/runs/{runId}/files", "Files of a run", FileEndpoints.List);
        api.Upload<Wire.RunFileInfo>("/runs/{runId}/files/{**path}", "Store a file", FileEndpoints.Put);
        api.Download("/runs/{runId}/files/{**path}", "A file's bytes", FileEndpoints.Get);
        api.Delete("/runs/{runId}/files/{**path}", "Remove a file", FileEndpoints.Delete);

        api.Get<Wire.LoggedModelList>("/runs/{runId}/models", "Models among the files of a run", ModelEndpoints.OfRun);

        api.Get<Wire.ModelEntryList>("/models", "Registered models, by name", ModelEndpoints.List);
        api.Get<Wire.ArtifactList>("/artifacts", "Artifacts, newest change first", ArtifactEndpoints.List);
        api.Get<Wire.VersionDetail>("/artifacts/resolve", "The version a reference means", ArtifactEndpoints.Resolve);
        api.Post<Wire.CommitVersionRequest, Wire.CommitVersionResponse>("/artifacts/versions", "Commit a version", ArtifactEndpoints.Commit);
        api.Get<Wire.ArtifactDetail>("/artifacts/{experimentId}/{name}", "One artifact", ArtifactEndpoints.Get);
        api.Get<Wire.VersionDetail>("/artifacts/{experimentId}/{name}/versions/{version}", "One version", VersionEndpoints.Get);
        api.Delete("/artifacts/{experimentId}/{name}/versions/{version}", "Delete a version", VersionEndpoints.Delete);
        api.Download("/artifacts/{experimentId}/{name}/versions/{version}/files/{**path}", "A file's bytes", VersionEndpoints.Download);
        api.Put<Wire.MoveAliasRequest, Wire.AliasChange>("/artifacts/{experimentId}/{name}/aliases/{alias}", "Move an alias", VersionEndpoints.MoveAlias);
        api.Delete<Wire.AliasChange>("/artifacts/{experimentId}/{name}/aliases/{alias}", "Remove an alias", VersionEndpoints.RemoveAlias);

        api.Post<Wire.MissingBlobsRequest, Wire.MissingBlobsResponse>("/blobs/missing", "Which contents the server lacks", BlobEndpoints.FindMissing);
        api.Upload("/blobs/{sha256}", "Store content", BlobEndpoints.Put);
        api.Download("/blobs/{sha256}", "Content", BlobEndpoints.Get);

        api.Post<Wire.GarbageRequest, Wire.GarbageReport>("/gc", "Empty the bin for good", GarbageEndpoints.Collect);

        api.Post<Wire.ImportRequest, Wire.ImportAnswer>("/import", "Take over experiments and runs from elsewhere", ImportEndpoints.Import);
        api.Post<Wire.KnownRunsRequest, Wire.KnownRuns>("/import/known", "Which of these runs the server has", ImportEndpoints.FindKnown);
        api.Get<Wire.ImportRequest>("/export", "All experiments, as an import takes them", ImportEndpoints.ExportExperiments);
        api.Get<Wire.ImportRun>("/runs/{runId}/export", "Everything about a run, as an import takes it", ImportEndpoints.Export);

        api.Get<Wire.LineageGraph>("/lineage", "What a run or a version was made of, and what was made of it", LineageEndpoints.Get);
        api.Stream("/events", "Changes of runs, as server-sent events", EventEndpoints.Stream);
        api.AddDescription();
    }
}
