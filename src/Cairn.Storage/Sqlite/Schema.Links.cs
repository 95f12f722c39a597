namespace Cairn.Storage.Sqlite;

/// <content>Datasets and logged models, and what ties runs to them.</content>
internal static partial class Schema
{
    private const string Links =
        """
        CREATE TABLE dataset (
            id INTEGER PRIMARY KEY,
            experiment_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            source_type TEXT NOT NULL,
            source TEXT NOT NULL,
            schema TEXT,
            profile TEXT,
            UNIQUE (experiment_id, name, digest));
        CREATE TABLE run_dataset (
            id INTEGER PRIMARY KEY,
            run_key INTEGER NOT NULL,
            dataset_id INTEGER NOT NULL,
            UNIQUE (run_key, dataset_id));
        CREATE INDEX run_dataset_by_dataset ON run_dataset (dataset_id);
        CREATE TABLE run_dataset_tag (
            run_key INTEGER NOT NULL,
            dataset_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (run_key, dataset_id, name)) WITHOUT ROWID;
        CREATE TABLE run_model (
            id INTEGER PRIMARY KEY,
            run_key INTEGER NOT NULL,
            model_id TEXT NOT NULL,
            is_output INTEGER NOT NULL,
            step INTEGER NOT NULL,
            UNIQUE (run_key, model_id, is_output, step));

        CREATE TABLE logged_model (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            experiment_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            model_type TEXT,
            source_run_id TEXT,
            status INTEGER NOT NULL,
            lifecycle INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL);
        CREATE INDEX logged_model_by_experiment ON logged_model (experiment_id, lifecycle, created_at DESC);
        CREATE TABLE logged_model_param (
            model_key INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (model_key, name)) WITHOUT ROWID;
        CREATE TABLE logged_model_tag (
            model_key INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (model_key, name)) WITHOUT ROWID;
        CREATE TABLE logged_model_metric (
            model_key INTEGER NOT NULL,
            name TEXT NOT NULL,
            time INTEGER NOT NULL,
            step INTEGER NOT NULL,
            run_key INTEGER NOT NULL,
            value REAL,
            dataset_name TEXT,
            dataset_digest TEXT,
            PRIMARY KEY (model_key, name, time, step, run_key)) WITHOUT ROWID;
        """;
}
