namespace Cairn.Storage.Sqlite;

/// <content>Who may do what: see docs/decisions/0011-permissions.md.</content>
internal static partial class Schema
{
    private const string Permissions =
        """
        CREATE TABLE experiment_permission (
            user_id INTEGER NOT NULL,
            experiment_id INTEGER NOT NULL,
            level INTEGER NOT NULL,
            PRIMARY KEY (user_id, experiment_id)) WITHOUT ROWID;
        CREATE INDEX experiment_permission_by_experiment ON experiment_permission (experiment_id);
        CREATE TABLE model_permission (
            user_id INTEGER NOT NULL,
            artifact_id INTEGER NOT NULL,
            level INTEGER NOT NULL,
            PRIMARY KEY (user_id, artifact_id)) WITHOUT ROWID;
        CREATE INDEX model_permission_by_model ON model_permission (artifact_id);

        -- Numbers of artifacts may be given again: a new model must not inherit what an old one was given.
        CREATE TRIGGER model_permission_goes AFTER DELETE ON artifact BEGIN
            DELETE FROM model_permission WHERE artifact_id = OLD.id;
        END;
        CREATE TRIGGER permissions_go AFTER DELETE ON user_account BEGIN
            DELETE FROM experiment_permission WHERE user_id = OLD.id;
            DELETE FROM model_permission WHERE user_id = OLD.id;
            DELETE FROM sent_content WHERE user_id = OLD.id;
        END;

        -- Contents that users sent lately. No mention of them: that keeps nothing from being collected.
        CREATE TABLE sent_content (
            user_id INTEGER NOT NULL,
            content TEXT NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (user_id, content)) WITHOUT ROWID;
        CREATE INDEX sent_content_by_time ON sent_content (at);
        """;
}
