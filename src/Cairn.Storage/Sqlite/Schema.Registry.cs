namespace Cairn.Storage.Sqlite;

/// <content>The model registry: see docs/decisions/0005-model-registry.md.</content>
internal static partial class Schema
{
    private const string Registry =
        """
        -- The name in the registry, unique on the server. Whatever has one is a registered model.
        ALTER TABLE artifact ADD COLUMN model_name TEXT;
        UPDATE artifact SET model_name = name WHERE type = 'model'
            AND id = (SELECT MIN(other.id) FROM artifact AS other WHERE other.type = 'model' AND other.name = artifact.name);
        UPDATE artifact SET model_name = name || '~' || experiment_id WHERE type = 'model' AND model_name IS NULL;
        CREATE UNIQUE INDEX artifact_by_model_name ON artifact (model_name) WHERE model_name IS NOT NULL;

        ALTER TABLE version ADD COLUMN source TEXT;
        ALTER TABLE version ADD COLUMN location TEXT;
        ALTER TABLE version ADD COLUMN run_text TEXT;
        ALTER TABLE version ADD COLUMN run_link TEXT;
        ALTER TABLE version ADD COLUMN logged_model TEXT;
        ALTER TABLE version ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE version ADD COLUMN updated_at INTEGER;

        CREATE TABLE artifact_tag (
            artifact_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (artifact_id, name)) WITHOUT ROWID;
        CREATE TABLE version_tag (
            version_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (version_id, name)) WITHOUT ROWID;
        """;
}
