namespace Cairn.Storage.Sqlite;

/// <content>Gates before aliases, what was decided, and what sets pipelines going: see docs/decisions/0007-promotion.md.</content>
internal static partial class Schema
{
    private const string Promotion =
        """
        -- By name, not by number: a gate may be set before its artifact is there, and stays when that is deleted.
        CREATE TABLE gate (
            experiment_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            alias TEXT NOT NULL,
            condition TEXT,
            checks TEXT NOT NULL,
            approvals INTEGER NOT NULL,
            approvers TEXT NOT NULL,
            data TEXT,
            stage TEXT,
            set_by TEXT,
            source TEXT,
            set_at INTEGER NOT NULL,
            PRIMARY KEY (experiment_id, name, alias)) WITHOUT ROWID;
        CREATE TABLE approval (
            experiment_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            number INTEGER NOT NULL,
            alias TEXT NOT NULL,
            who TEXT NOT NULL,
            is_granted INTEGER NOT NULL,
            why TEXT,
            at INTEGER NOT NULL,
            PRIMARY KEY (experiment_id, name, number, alias, who)) WITHOUT ROWID;
        CREATE TABLE decision (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            experiment_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            alias TEXT NOT NULL,
            stage TEXT,
            from_number INTEGER,
            to_number INTEGER,
            outcome INTEGER NOT NULL,
            who TEXT,
            why TEXT,
            run_id TEXT,
            at INTEGER NOT NULL,
            verdict TEXT,
            change_id INTEGER);
        CREATE INDEX decision_by_place ON decision (experiment_id, name, alias, id);
        CREATE INDEX decision_by_change ON decision (change_id) WHERE change_id IS NOT NULL;
        ALTER TABLE alias_change ADD COLUMN is_rollback INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX run_model_by_model ON run_model (model_id);

        CREATE TABLE pipeline (
            name TEXT PRIMARY KEY,
            experiment_id INTEGER NOT NULL,
            source_kind TEXT NOT NULL,
            location TEXT NOT NULL,
            commit_id TEXT,
            file TEXT NOT NULL,
            changes TEXT NOT NULL,
            registered_by TEXT,
            registered_at INTEGER NOT NULL,
            revision INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE pipeline_trigger (
            id TEXT PRIMARY KEY,
            pipeline TEXT NOT NULL,
            name TEXT NOT NULL,
            kind INTEGER NOT NULL,
            schedule TEXT,
            time_zone TEXT,
            missed INTEGER NOT NULL,
            experiment_id INTEGER,
            artifact TEXT,
            alias TEXT,
            check_name TEXT,
            secret TEXT,
            changes TEXT NOT NULL,
            is_paused INTEGER NOT NULL,
            next_at INTEGER,
            last_at INTEGER,
            created_at INTEGER NOT NULL,
            UNIQUE (pipeline, name)) WITHOUT ROWID;
        CREATE INDEX pipeline_trigger_by_time ON pipeline_trigger (next_at) WHERE next_at IS NOT NULL;
        CREATE INDEX pipeline_trigger_by_event ON pipeline_trigger (kind, experiment_id, artifact);

        -- One row for each event of each trigger, kept when it is over: that is what makes "once" last.
        CREATE TABLE job (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            pipeline TEXT NOT NULL,
            trigger_id TEXT,
            trigger_name TEXT NOT NULL,
            event_key TEXT NOT NULL,
            cause TEXT NOT NULL,
            at INTEGER NOT NULL,
            state INTEGER NOT NULL,
            run_id TEXT NOT NULL,
            changes TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            token INTEGER NOT NULL,
            worker TEXT,
            lease_until INTEGER,
            cancel_requested INTEGER NOT NULL,
            started_at INTEGER,
            ended_at INTEGER,
            message TEXT,
            UNIQUE (trigger_id, event_key));
        CREATE INDEX job_open ON job (state, number) WHERE state < 2;
        CREATE INDEX job_by_pipeline ON job (pipeline, number);
        """;
}
