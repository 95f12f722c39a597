using Cairn.Core;
using Cairn.Core.Traces;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Traces;

/// <content>What was thought of traces.</content>
internal sealed partial class SqlTraceStore
{
    public Task AddAssessmentAsync(Assessment assessment, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var key = TraceRows.FindKey(session, assessment.TraceId) ?? throw TraceCatalog.Missing(assessment.TraceId);
                if (assessment.Overrides is { } other
                    && session.Execute("UPDATE assessment SET is_valid = 0 WHERE trace_key = @1 AND id = @2", key, other) == 0)
                {
                    throw Missing(assessment.TraceId, other);
                }

                TraceRows.AddAssessment(session, key, assessment);
                return key;
            },
            cancellationToken);

    public Task<Assessment> GetAssessmentAsync(string trace, string id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, trace, id), cancellationToken);

    public Task<Assessment> UpdateAssessmentAsync(string trace, string id, Func<Assessment, Assessment> change, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var changed = change(Find(session, trace, id));
                TraceRows.AddAssessment(session, TraceRows.FindKey(session, trace)!.Value, changed);
                return changed;
            },
            cancellationToken);

    public Task RemoveAssessmentAsync(string trace, string id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (TraceRows.FindKey(session, trace) is not { } key)
                {
                    return 0;
                }

                session.Execute(
                    "UPDATE assessment SET is_valid = 1 WHERE trace_key = @1 AND id = (SELECT overrides FROM assessment WHERE trace_key = @1 AND id = @2)",
                    key,
                    id);
                return session.Execute("DELETE FROM assessment WHERE trace_key = @1 AND id = @2", key, id);
            },
            cancellationToken);

    private static Assessment Find(SqlSession session, string trace, string id) =>
        session.First(
            $"SELECT {TraceRows.AssessmentColumns} FROM assessment JOIN trace ON trace.key = trace_key WHERE trace.id = @1 AND assessment.id = @2",
            TraceRows.ReadAssessment,
            trace,
            id)
        ?? throw (TraceRows.FindKey(session, trace) is null ? CairnException.NotFound($"Trace with request_id '{trace}' not found") : Missing(trace, id));

    private static CairnException Missing(string trace, string id) =>
        CairnException.NotFound($"Assessment with ID '{id}' not found for trace '{trace}'");
}
