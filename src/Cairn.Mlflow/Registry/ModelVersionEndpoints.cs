using Cairn.Core.LoggedModels;
using Cairn.Core.Models;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Registry;

/// <summary>Versions of models: registered, read, changed and removed.</summary>
internal sealed class ModelVersionEndpoints(ModelRegistry registry, SourceRules rules, SourceResolver resolver, LoggedModelPlaces models)
{
    public async Task CreateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var name = fields.RequiredText("name");
        var source = fields.RequiredText("source");
        var run = fields.Text("run_id");
        var tags = RegistryFields.Tags(fields.Pairs("tags"));
        var link = fields.Text("run_link") ?? "";
        var description = fields.Text("description") ?? "";
        var model = fields.Text("model_id") is { Length: > 0 } id ? id : null;

        await rules.CheckAsync(source, run, model, tags.ContainsKey(RegisteredModel.PromptTag), context.RequestAborted);
        await registry.GetAsync(name, context.RequestAborted);
        (LoggedModel Model, string Uri)? logged = model is null ? null : await models.FindAsync(model, context.RequestAborted) ?? throw LoggedModelCatalog.Missing(model);
        var found = await resolver.ResolveAsync(source, context.RequestAborted);
        var added = await registry.AddVersionAsync(
            new ModelSource(
                name,
                source,
                found.Location,
                found.Files,
                found.Manifest,
                !string.IsNullOrEmpty(run) ? run : logged?.Model.SourceRunId ?? found.RunText,
                link,
                model,
                description,
                tags),
            context.RequestAborted);
        if (logged is var (of, _))
        {
            await models.NoteAsync(of, added, context.RequestAborted);
        }

        await RegistryWriter.AnswerAsync(context, added);
    }

    public async Task GetAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, version) = NameAndVersion(fields);
        await RegistryWriter.AnswerAsync(context, await registry.GetVersionAsync(name, RegistryFields.Version(version), context.RequestAborted));
    }

    public async Task UpdateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, version) = NameAndVersion(fields);
        var description = fields.Text("description");
        await RegistryWriter.AnswerAsync(
            context,
            await registry.DescribeVersionAsync(name, RegistryFields.Version(version), description, context.RequestAborted));
    }

    public async Task TransitionAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, version) = NameAndVersion(fields);
        var stage = fields.RequiredText("stage");
        var archive = fields.Flag("archive_existing_versions") ?? false;
        await RegistryWriter.AnswerAsync(
            context,
            await registry.MoveToStageAsync(name, RegistryFields.Version(version), RegistryFields.Stage(stage), archive, context.RequestAborted));
    }

    public async Task DeleteAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, version) = NameAndVersion(fields);
        await registry.DeleteVersionAsync(name, RegistryFields.Version(version), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public async Task DownloadUriAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, version) = NameAndVersion(fields);
        var found = await registry.GetVersionAsync(name, RegistryFields.Version(version), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, VersionFiles.DownloadUriOf(found), static (writer, uri) =>
        {
            writer.WriteStartObject();
            writer.WriteString("artifact_uri"u8, uri);
            writer.WriteEndObject();
        });
    }

    public async Task SetTagAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, version) = NameAndVersion(fields);
        var (key, value) = (fields.RequiredText("key"), fields.Text("value") ?? "");
        var number = RegistryFields.Version(version);
        RegistryFields.CheckTag(key, value);
        await registry.TagVersionAsync(name, number, key, value, context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public async Task DeleteTagAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, version) = NameAndVersion(fields);
        var key = fields.RequiredText("key");
        var number = RegistryFields.Version(version);
        RegistryFields.CheckTagKey(key);
        await registry.TagVersionAsync(name, number, key, value: null, context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    private static (string Name, string Version) NameAndVersion(RequestFields fields) => (fields.RequiredText("name"), fields.RequiredText("version"));
}
