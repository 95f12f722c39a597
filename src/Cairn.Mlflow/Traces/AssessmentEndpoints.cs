using Cairn.Core.Traces;
using Cairn.Mlflow.LoggedModels;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Traces;

/// <summary>What people, judges and code thought of a trace.</summary>
internal sealed class AssessmentEndpoints(TraceCatalog traces)
{
    private const string Field = "assessment";

    public async Task CreateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var assessment = AssessmentReader.Read(Required(fields), Field, TraceId(context), traces.Now);
        await WriteAsync(context, await traces.AddAssessmentAsync(assessment, context.RequestAborted));
    }

    public async Task GetAsync(HttpContext context) =>
        await WriteAsync(context, await traces.GetAssessmentAsync(TraceId(context), Id(context), context.RequestAborted));

    public async Task UpdateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var change = AssessmentReader.ReadChange(Required(fields), Field, fields.RequiredText("update_mask"));
        await WriteAsync(context, await traces.UpdateAssessmentAsync(TraceId(context), Id(context), change, context.RequestAborted));
    }

    public async Task DeleteAsync(HttpContext context)
    {
        await traces.RemoveAssessmentAsync(TraceId(context), Id(context), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    private static FieldValue Required(RequestFields fields) => fields.Value(Field) is { IsAbsent: false } value ? value : throw RequestFields.Missing(Field);

    private static string TraceId(HttpContext context) => LoggedModelEndpoints.RouteText(context, "trace_id");

    private static string Id(HttpContext context) => LoggedModelEndpoints.RouteText(context, "assessment_id");

    private static Task WriteAsync(HttpContext context, Assessment assessment) =>
        JsonAnswer.WriteAsync(context, assessment, static (writer, found) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("assessment"u8);
            AssessmentWriter.Write(writer, found);
            writer.WriteEndObject();
        });
}
