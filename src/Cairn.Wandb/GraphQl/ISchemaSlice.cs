namespace Cairn.Wandb.GraphQl;

/// <summary>
/// A part of the schema that belongs together: its text in the schema language — <c>type</c>s of its own, and
/// <c>extend type Query</c> and the like for what it adds to others — and what answers each of its fields.
/// </summary>
internal interface ISchemaSlice
{
    /// <summary>The slice in GraphQL's schema language.</summary>
    string Text { get; }

    /// <summary>Says what answers the fields: <c>schema.Object&lt;RunNode&gt;("Run").Field("id", run => run.Id)</c>.</summary>
    void Answer(SchemaBuilder schema);
}
