namespace Cairn.Storage.Sqlite;

/// <content>Traces, their spans and what was thought of them.</content>
internal static partial class Schema
{
    private const string Traces =
        """
        CREATE TABLE trace (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            experiment_id INTEGER NOT NULL,
            at INTEGER NOT NULL,
            duration INTEGER,
            state INTEGER NOT NULL,
            client_request_id TEXT,
            request_preview TEXT,
            response_preview TEXT);
        CREATE INDEX trace_by_experiment ON trace (experiment_id, at DESC, id);
        CREATE TABLE trace_tag (
            trace_key INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (trace_key, name)) WITHOUT ROWID;
        CREATE TABLE trace_metadata (
            trace_key INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (trace_key, name)) WITHOUT ROWID;
        CREATE TABLE trace_run (
            run_id TEXT NOT NULL,
            trace_key INTEGER NOT NULL,
            PRIMARY KEY (run_id, trace_key)) WITHOUT ROWID;
        CREATE INDEX trace_run_by_trace ON trace_run (trace_key);
        CREATE TABLE span (
            key INTEGER PRIMARY KEY,
            trace_key INTEGER NOT NULL,
            id TEXT NOT NULL,
            parent_id TEXT,
            name TEXT NOT NULL,
            type TEXT,
            status TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            input_tokens INTEGER,
            output_tokens INTEGER,
            total_tokens INTEGER,
            content TEXT NOT NULL,
            UNIQUE (trace_key, id));
        CREATE TABLE assessment (
            key INTEGER PRIMARY KEY,
            trace_key INTEGER NOT NULL,
            id TEXT NOT NULL,
            span_id TEXT,
            name TEXT NOT NULL,
            is_expectation INTEGER NOT NULL,
            source_type TEXT,
            source_id TEXT,
            value TEXT,
            error_code TEXT,
            error_message TEXT,
            error_stack TEXT,
            rationale TEXT,
            metadata TEXT NOT NULL,
            overrides TEXT,
            is_valid INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            UNIQUE (trace_key, id));
        """;
}
