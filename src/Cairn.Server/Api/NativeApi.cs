using Cairn.Core.Uploads;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>What the server tells about itself.</summary>
internal sealed record ServerFacts(string Version, long StartedAt, string DataFolder, Func<bool> AuthRequired);

/// <summary>The route table of <c>/api/v1</c>; docs/native-api.md says it in prose.</summary>
internal static class NativeApi
{
    public static void MapNativeApi(this RouteTable table, ServerFacts facts)
    {
        table.Map("PUT", UploadLinks.Route, PartEndpoints.Put);
        table.Map("GET", "/health", http => http.Response.WriteAsync("OK", http.RequestAborted));

        // Balancers ask for the head alone.
        table.Map("HEAD", "/health", _ => Task.CompletedTask);

        var api = new ApiRoutes(table);
        api.Get<Wire.ServerInfo>("/server", "The server's version and settings", http => ServerEndpoints.Get(http, facts));

        api.Get<Wire.ExperimentList>("/experiments", "All experiments, newest activity first", ExperimentEndpoints.List);
        api.Post<Wire.EnsureExperimentRequest, Wire.ExperimentInfo>("/experiments", "The experiment of that name, made if missing", ExperimentEndpoints.Ensure);
        api.Get<Wire.ExperimentInfo>("/experiments/{experimentId}", "One experiment", ExperimentEndpoints.Get);
        api.Delete("/experiments/{experimentId}", "Move an experiment and its runs to the bin", ExperimentEndpoints.Delete);
        api.Post<Wire.ExperimentInfo>("/experiments/{experimentId}/restore", "Take an experiment and its runs out of the bin", ExperimentEndpoints.Restore);

        api.Get<Wire.RunKeys>("/experiments/{experimentId}/keys", "What its runs hold, by name", SurveyEndpoints.Keys);
        api.Get<Wire.RunValues>("/experiments/{experimentId}/values", "The values its runs have in a field", SurveyEndpoints.Values);
        api.Get<Wire.SavedViewList>("/experiments/{experimentId}/views", "Saved views of its pages", ViewEndpoints.List);
        api.Put<Wire.SaveViewRequest, Wire.SavedViewInfo>("/experiments/{experimentId}/views", "Save a view", ViewEndpoints.Put);
        api.Delete("/experiments/{experimentId}/views", "Forget a saved view", ViewEndpoints.Delete);
        api.Get<Wire.PermissionList>("/experiments/{experimentId}/permissions", "Who may do what with an experiment", PermissionEndpoints.OfExperiment);
        api.Put<Wire.SetPermissionRequest, Wire.PermissionInfo>("/experiments/{experimentId}/permissions/{user}", "Give a user a permission on an experiment", PermissionEndpoints.SetOfExperiment);
        api.Delete("/experiments/{experimentId}/permissions/{user}", "Take back what was said of a user", PermissionEndpoints.RemoveOfExperiment);
        api.Get<Wire.PermissionList>("/models/permissions", "Who may do what with a registered model", PermissionEndpoints.OfModel);
        api.Put<Wire.SetPermissionRequest, Wire.PermissionInfo>("/models/permissions/{user}", "Give a user a permission on a registered model", PermissionEndpoints.SetOfModel);
        api.Delete("/models/permissions/{user}", "Take back what was said of a user", PermissionEndpoints.RemoveOfModel);
        api.Get<Wire.HomeInfo>("/home", "What is going on", HomeEndpoints.Get);
        api.Get<Wire.StorageInfo>("/storage", "What takes how much place", http => StorageEndpoints.Get(http, facts));

        api.Post<Wire.CreateRunRequest, Wire.RunInfo>("/runs", "Start a run", RunEndpoints.Create);
        api.Get<Wire.RunPage>("/runs", "Search runs", RunEndpoints.Search);
        api.Get<Wire.RunGroupList>("/runs/groups", "Runs with equal values, put together", SurveyEndpoints.Groups);
        api.Post<Wire.BulkRequest, Wire.BulkAnswer>("/runs/bulk", "Change many runs", BulkEndpoints.Change);
        api.Get<Wire.RunDetail>("/runs/{runId}", "One run", RunEndpoints.Get);
        api.Delete("/runs/{runId}", "Move a run to the bin", RunEndpoints.Delete);
        api.Post<Wire.RunInfo>("/runs/{runId}/restore", "Take a run out of the bin", RunEndpoints.Restore);
        api.Accept<Wire.RunUpdate>("/runs/{runId}/updates", "Write into a run, whole or not at all", RunEndpoints.Update);
        api.Post<Wire.RunInfo>("/runs/{runId}/stop", "Ask a run to stop", RunEndpoints.Stop);
        api.Post<Wire.LaunchToken>("/runs/{runId}/launch-token", "A key whose runs become children of this one", RunEndpoints.IssueLaunchToken);
        api.Get<Wire.SeriesList>("/runs/{runId}/series", "Points of metric series", SeriesEndpoints.Get);
        api.Post<Wire.SeriesRequest, Stream>("/series", "Points of many runs' metrics, as columns of bytes", SeriesEndpoints.Draw);
        api.Post<Wire.MediaRequest, Wire.MediaList>("/media", "What runs have to look at", MediaEndpoints.List);
        api.Get<Wire.HistogramList>("/runs/{runId}/histograms", "Histograms of a key, by step", MediaEndpoints.Histograms);
        api.Get<Wire.LogPage>("/runs/{runId}/logs", "Console lines", LogEndpoints.Get);
        api.Post<Wire.UseArtifactRequest, Wire.VersionDetail>("/runs/{runId}/inputs", "Use an artifact version", ArtifactEndpoints.Use);

        api.Get<Wire.RunFileList>("/runs/{runId}/files", "Files of a run", FileEndpoints.List);
        api.Upload<Wire.RunFileInfo>("/runs/{runId}/files/{**path}", "Store a file", FileEndpoints.Put);
        api.Download("/runs/{runId}/files/{**path}", "A file's bytes", FileEndpoints.Get);
        api.Delete("/runs/{runId}/files/{**path}", "Remove a file", FileEndpoints.Delete);

        api.Get<Wire.StepGraph>("/runs/{runId}/steps", "The steps of a run, and which waited for which", StepEndpoints.Get);
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

        api.Post<Wire.RollbackRequest, Wire.AliasChange>("/artifacts/{experimentId}/{name}/aliases/{alias}/rollback", "Point an alias to the holder before", PromotionEndpoints.RollBack);
        MapPromotion(api);
        MapTriggers(api);
        MapAccounts(api);
        api.Get<Wire.SweepList>("/sweeps", "Sweeps of an experiment", SweepEndpoints.List);
        api.Get<Wire.SweepDetail>("/sweeps/{experimentId}/{name}", "One sweep and its runs", SweepEndpoints.Get);
        api.Post<Wire.SweepStateRequest, Wire.SweepDetail>("/sweeps/{experimentId}/{name}/state", "Pause, resume, stop or cancel a sweep", SweepEndpoints.SetState);

        api.Post<Wire.MissingBlobsRequest, Wire.MissingBlobsResponse>("/blobs/missing", "Which contents the server lacks", BlobEndpoints.FindMissing);
        api.Upload("/blobs/{sha256}", "Store content", BlobEndpoints.Put);
        api.Download("/blobs/{sha256}", "Content", BlobEndpoints.Get);

        api.Post<Wire.GarbageRequest, Wire.GarbageReport>("/gc", "Empty the bin for good", GarbageEndpoints.Collect);

        api.Post<Wire.ImportRequest, Wire.ImportAnswer>("/import", "Take over experiments and runs from elsewhere", ImportEndpoints.Import);
        api.Post<Wire.KnownRunsRequest, Wire.KnownRuns>("/import/known", "Which of these runs the server has", ImportEndpoints.FindKnown);
        api.Get<Wire.ImportRequest>("/export", "All experiments, as an import takes them", ImportEndpoints.ExportExperiments);
        api.Get<Wire.RunFileList>("/export/files", "Files that belong to no run", ArchiveEndpoints.ListFiles);
        api.Download("/export/files/{**path}", "Bytes of a file that belongs to no run", ArchiveEndpoints.GetFile);
        api.Upload<Wire.RunFileInfo>("/import/files/{**path}", "Store a file that belongs to no run", ArchiveEndpoints.PutFile);
        api.Get<Wire.ThingPage>("/export/{kind}", "Artifacts, models, traces and others, as an import takes them", ArchiveEndpoints.Export);
        api.Post<Wire.ImportThings, Wire.ImportedThings>("/import/{kind}", "Take over artifacts, models, traces and others", ArchiveEndpoints.Import);
        api.Get<Wire.ImportRun>("/runs/{runId}/export", "Everything about a run, as an import takes it", ImportEndpoints.Export);

        api.Get<Wire.LineageGraph>("/lineage", "What a run or a version was made of, and what was made of it", LineageEndpoints.Get);
        api.Stream("/events", "Changes of runs, as server-sent events", EventEndpoints.Stream);
        api.AddDescription();
    }

    private static void MapPromotion(ApiRoutes api)
    {
        api.Get<Wire.GateList>("/gates", "Gates before aliases", PromotionEndpoints.ListAll);
        api.Get<Wire.GateList>("/artifacts/{experimentId}/{name}/gates", "Gates of an artifact", PromotionEndpoints.List);
        api.Get<Wire.GateInfo>("/artifacts/{experimentId}/{name}/gates/{alias}", "The gate before an alias", PromotionEndpoints.Get);
        api.Put<Wire.SetGateRequest, Wire.GateInfo>("/artifacts/{experimentId}/{name}/gates/{alias}", "Set a gate", PromotionEndpoints.Put);
        api.Delete("/artifacts/{experimentId}/{name}/gates/{alias}", "Take a gate away", PromotionEndpoints.Delete);
        api.Get<Wire.VerdictInfo>("/artifacts/{experimentId}/{name}/gates/{alias}/verdict", "What the gate would say of a version", PromotionEndpoints.Judge);
        api.Post<Wire.SetGateRequest, Wire.VerdictInfo>("/artifacts/{experimentId}/{name}/gates/{alias}/verdict", "What a gate that is not set yet would say of a version", PromotionEndpoints.Try);
        api.Get<Wire.DecisionList>("/artifacts/{experimentId}/{name}/decisions", "Moves of aliases and refusals", PromotionEndpoints.ListDecisions);
        api.Get<Wire.ApprovalList>("/artifacts/{experimentId}/{name}/versions/{version}/approvals", "What people said of a version", PromotionEndpoints.ListApprovals);
        api.Post<Wire.ApproveRequest, Wire.ApprovalList>("/artifacts/{experimentId}/{name}/versions/{version}/approvals", "Approve a version, or object", PromotionEndpoints.Approve);
        api.Get<Wire.CheckList>("/runs/{runId}/checks", "Checks that a run reported", CheckEndpoints.List);
        api.Post<Wire.ReportCheckRequest, Wire.CheckList>("/runs/{runId}/checks", "Report a check", CheckEndpoints.Report);
        api.Get<Wire.WebhookList>("/webhooks", "Who hears of what happens", WebhookEndpoints.List);
        api.Post<Wire.CreateWebhookRequest, Wire.WebhookInfo>("/webhooks", "Send messages of what happens", WebhookEndpoints.Create);
        api.Delete("/webhooks/{webhookId}", "Send no more messages", WebhookEndpoints.Delete);
    }

    private static void MapAccounts(ApiRoutes api)
    {
        api.Get<Wire.SessionInfo>("/session", "Who asks", SessionEndpoints.Get);
        api.Post<Wire.LogInRequest, Wire.SessionInfo>("/session", "Log a browser in", SessionEndpoints.LogIn);
        api.Delete("/session", "Log a browser out", SessionEndpoints.LogOut);
        api.Get<Wire.UserList>("/users", "Users, by name", UserEndpoints.List);
        api.Post<Wire.AddUserRequest, Wire.AddedUser>("/users", "Add a user", UserEndpoints.Add);
        api.Get<Wire.UserInfo>("/users/{name}", "One user; 'me' is who asks", UserEndpoints.Get);
        api.Patch<Wire.ChangeUserRequest, Wire.UserInfo>("/users/{name}", "Make a user an admin or not, active or not", UserEndpoints.Change);
        api.Get<Wire.UserHoldings>("/users/{name}/holdings", "What would end with a user, and what only admins would manage then", UserEndpoints.Holdings);
        api.Delete("/users/{name}", "Remove a user with all keys and sessions", UserEndpoints.Remove);
        api.Put<Wire.SetPasswordRequest, Wire.SetPasswordAnswer>("/users/{name}/password", "Set a password; ends the user's sessions", UserEndpoints.SetPassword);
        api.Get<Wire.KeyList>("/users/{name}/keys", "Keys of a user, without the keys themselves", UserEndpoints.ListKeys);
        api.Get<Wire.KeyList>("/keys", "Keys of all users (admins)", UserEndpoints.ListAllKeys);
        api.Post<Wire.AddKeyRequest, Wire.AddedKey>("/users/{name}/keys", "Make a key; it is told this once", UserEndpoints.AddKey);
        api.Delete("/users/{name}/keys/{keyId}", "Revoke a key", UserEndpoints.RevokeKey);
        api.Get<Wire.BrowserList>("/users/{name}/sessions", "Browsers in which a user is logged in", UserEndpoints.ListSessions);
        api.Delete("/users/{name}/sessions", "Log a user out everywhere", UserEndpoints.EndSessions);
        api.Delete("/users/{name}/sessions/{sessionId}", "Log one browser of a user out", UserEndpoints.EndSession);
    }

    private static void MapTriggers(ApiRoutes api)
    {
        api.Get<Wire.PipelineList>("/pipelines", "Registered pipelines", TriggerEndpoints.ListPipelines);
        api.Get<Wire.PipelineInfo>("/pipelines/{name}", "One registered pipeline", TriggerEndpoints.GetPipeline);
        api.Put<Wire.RegisterPipelineRequest, Wire.PipelineInfo>("/pipelines/{name}", "Register a pipeline with its triggers", TriggerEndpoints.Register);
        api.Delete("/pipelines/{name}", "Forget a pipeline and its triggers", TriggerEndpoints.RemovePipeline);
        api.Get<Wire.TriggerList>("/triggers", "What sets pipelines going", TriggerEndpoints.List);
        api.Get<Wire.TriggerInfo>("/triggers/{triggerId}", "One trigger", TriggerEndpoints.Get);
        api.Post<Wire.FireTriggerRequest, Wire.JobInfo>("/triggers/{triggerId}/fire", "Set a trigger off", TriggerEndpoints.Fire);
        api.Post<Wire.TriggerInfo>("/triggers/{triggerId}/pause", "Pause a trigger", TriggerEndpoints.Pause);
        api.Post<Wire.TriggerInfo>("/triggers/{triggerId}/resume", "Resume a trigger", TriggerEndpoints.Resume);
        api.Delete("/triggers/{triggerId}", "Remove a trigger", TriggerEndpoints.Remove);
        api.Post<Wire.JobInfo>("/hooks/{triggerId}", "Deliver to a webhook; signed", TriggerEndpoints.Deliver);
        api.Post<Wire.LaunchRequest, Wire.JobInfo>("/pipelines/{name}/jobs", "Run a registered pipeline, or go on with a run of it", JobEndpoints.Launch);
        api.Get<Wire.JobList>("/jobs", "Events of triggers and what became of them", JobEndpoints.List);
        api.Get<Wire.JobInfo>("/jobs/{jobId}", "One job", JobEndpoints.Get);
        api.Post<Wire.JobInfo>("/jobs/{jobId}/cancel", "End a job", JobEndpoints.Cancel);
        api.Post<Wire.LeaseJobRequest, Wire.LeaseAnswer>("/jobs/lease", "Take a job (workers)", JobEndpoints.Lease);
        api.Post<Wire.HeartbeatRequest, Wire.JobInfo>("/jobs/{jobId}/heartbeat", "Keep a job (workers)", JobEndpoints.Heartbeat);
        api.Post<Wire.EndJobRequest, Wire.JobInfo>("/jobs/{jobId}/end", "End a job (workers)", JobEndpoints.End);
    }
}
