using Microsoft.Data.Sqlite;

namespace Cairn.Migration.Tests;

/// <summary>The same small history in both of MLflow's local stores.</summary>
internal static class MlflowFixture
{
    public const string Active = "0123456789abcdef0123456789abcdef";
    public const string Child = "1123456789abcdef0123456789abcdef";
    public const string Deleted = "2123456789abcdef0123456789abcdef";

    /// <summary>A database in MLflow's schema, with a folder <c>mlartifacts</c> beside it.</summary>
    public static string WriteDatabase(string folder)
    {
        var file = Path.Combine(folder, "mlflow.db");
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name TEXT, artifact_location TEXT, lifecycle_stage TEXT, creation_time BIGINT, last_update_time BIGINT);
            CREATE TABLE experiment_tags (key TEXT, value TEXT, experiment_id INTEGER);
            CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, source_type TEXT, source_name TEXT, entry_point_name TEXT, user_id TEXT, status TEXT,
                start_time BIGINT, end_time BIGINT, source_version TEXT, lifecycle_stage TEXT, artifact_uri TEXT, experiment_id INTEGER, deleted_time BIGINT);
            CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT, is_nan BOOLEAN);
            CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
            CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
            INSERT INTO experiments VALUES (0, 'Default', 'mlflow-artifacts:/0', 'active', 5, 5), (7, 'seven', 'mlflow-artifacts:/7', 'active', 1700000000000, 6),
                (8, 'gone', 'mlflow-artifacts:/8', 'deleted', 1700000000001, 6), (9, 'far', 's3://bucket/9', 'active', 1700000000002, 6);
            INSERT INTO experiment_tags VALUES ('team', 'red', 7);
            INSERT INTO runs VALUES
                ('{Active}', 'calm', '', '', '', 'ada', 'FINISHED', 1700000000100, 1700000000200, '', 'active', 'mlflow-artifacts:/7/{Active}/artifacts', 7, NULL),
                ('{Child}', 'small', '', '', '', 'ada', 'KILLED', 1700000000150, NULL, '', 'active', 'mlflow-artifacts:/7/{Child}/artifacts', 7, NULL),
                ('{Deleted}', 'lost', '', '', '', '', 'FAILED', 1700000000160, 1700000000170, '', 'deleted', 'mlflow-artifacts:/7/{Deleted}/artifacts', 7, NULL);
            INSERT INTO tags VALUES ('mlflow.runName', 'calm', '{Active}'), ('mlflow.user', 'ada', '{Active}'), ('note', 'été', '{Active}'),
                ('mlflow.parentRunId', '{Active}', '{Child}');
            INSERT INTO params VALUES ('lr', '0.10', '{Active}'), ('a/b', 'x y', '{Active}');
            INSERT INTO metrics VALUES ('loss', 0.5, 1700000000101, '{Active}', 0, 0), ('loss', 0.1, 1700000000102, '{Active}', 1, 0), ('loss', 0.0, 1700000000103, '{Active}', 2, 1),
                ('huge', 1.7976931348623157e308, 1700000000103, '{Active}', -3, 0), ('loss', 9, 1700000000151, '{Child}', 0, 0), ('loss', 8, 1700000000161, '{Deleted}', 0, 0);
            """;
        command.ExecuteNonQuery();
        Write(Path.Combine(folder, "mlartifacts", "7", Active, "artifacts", "model", "MLmodel"), "flavors: {}");
        Write(Path.Combine(folder, "mlartifacts", "7", Deleted, "artifacts", "kept.txt"), "kept");
        return file;
    }

    /// <summary>The same as a folder mlruns.</summary>
    public static string WriteFolder(string folder)
    {
        var root = Path.Combine(folder, "mlruns");
        Write(Path.Combine(root, "0", "meta.yaml"), "artifact_location: mlflow-artifacts:/0\ncreation_time: 5\nexperiment_id: '0'\nlast_update_time: 5\nlifecycle_stage: active\nname: Default\n");
        Write(Path.Combine(root, "7", "meta.yaml"), "artifact_location: file:///nowhere/7\ncreation_time: 1700000000000\nexperiment_id: '7'\nlifecycle_stage: active\nname: seven\n");
        Write(Path.Combine(root, "9", "meta.yaml"), "artifact_location: s3://bucket/9\ncreation_time: 1700000000002\nexperiment_id: '9'\nlifecycle_stage: active\nname: far\n");
        Write(Path.Combine(root, ".trash", "8", "meta.yaml"), "artifact_location: file:///nowhere/8\ncreation_time: 1700000000001\nexperiment_id: '8'\nlifecycle_stage: deleted\nname: gone\n");
        Write(Path.Combine(root, "7", "tags", "team"), "red");
        WriteRun(root, Active, "calm", 3, 1700000000100, 1700000000200, "active", "ada");
        WriteRun(root, Child, "small", 5, 1700000000150, null, "active", "ada");
        WriteRun(root, Deleted, "lost", 4, 1700000000160, 1700000000170, "deleted", "");
        var run = Path.Combine(root, "7", Active);
        Write(Path.Combine(run, "tags", "mlflow.runName"), "calm");
        Write(Path.Combine(run, "tags", "mlflow.user"), "ada");
        Write(Path.Combine(run, "tags", "note"), "été");
        Write(Path.Combine(root, "7", Child, "tags", "mlflow.parentRunId"), Active);
        Write(Path.Combine(run, "params", "lr"), "0.10");
        Write(Path.Combine(run, "params", "a", "b"), "x y");
        Write(Path.Combine(run, "metrics", "loss"), "1700000000101 0.5 0\n1700000000102 0.1 1\n1700000000103 nan 2\n");
        Write(Path.Combine(run, "metrics", "huge"), "1700000000103 inf -3\n");
        Write(Path.Combine(root, "7", Child, "metrics", "loss"), "1700000000151 9 0\n");
        Write(Path.Combine(root, "7", Deleted, "metrics", "loss"), "1700000000161 8 0\n");
        Write(Path.Combine(run, "artifacts", "model", "MLmodel"), "flavors: {}");
        Write(Path.Combine(root, "7", Deleted, "artifacts", "kept.txt"), "kept");
        return root;
    }

    private static void WriteRun(string root, string id, string name, int status, long start, long? end, string stage, string user) => Write(
        Path.Combine(root, "7", id, "meta.yaml"),
        $"artifact_uri: file:///nowhere/7/{id}/artifacts\nend_time: {end?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"}\nentry_point_name: ''\nexperiment_id: '7'\n"
        + $"lifecycle_stage: {stage}\nrun_id: {id}\nrun_name: {name}\nrun_uuid: {id}\nsource_name: ''\nsource_type: 4\nstart_time: {start}\nstatus: {status}\ntags: []\nuser_id: '{user}'\n");

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
