using Cairn.Core;
using Cairn.Core.Models;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Registry;

/// <summary>Registered models: made, read, changed and removed.</summary>
internal sealed class ModelEndpoints(ModelRegistry registry)
{
    public async Task CreateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var name = fields.RequiredText("name");
        var tags = RegistryFields.Tags(fields.Pairs("tags"));
        var description = fields.Text("description");
        try
        {
            await RegistryWriter.AnswerAsync(context, await registry.CreateAsync(name, description, tags, context.RequestAborted));
        }
        catch (CairnException taken) when (taken.Code == ErrorCode.AlreadyExists)
        {
            throw await TakenAsync(name, tags.ContainsKey(RegisteredModel.PromptTag), taken, context.RequestAborted);
        }
    }

    public async Task GetAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        await RegistryWriter.AnswerAsync(context, await registry.GetAsync(fields.RequiredText("name"), context.RequestAborted));
    }

    public async Task UpdateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, description) = (fields.RequiredText("name"), fields.Text("description") ?? "");
        await RegistryWriter.AnswerAsync(context, await registry.DescribeAsync(name, description, context.RequestAborted));
    }

    public async Task RenameAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, newName) = (fields.RequiredText("name"), fields.RequiredText("new_name"));
        await RegistryWriter.AnswerAsync(context, await registry.RenameAsync(name, newName, context.RequestAborted));
    }

    public async Task DeleteAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        await registry.DeleteAsync(fields.RequiredText("name"), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public async Task LatestVersionsAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, stages) = (fields.RequiredText("name"), fields.Texts("stages"));
        var wanted = stages.Select(RegistryFields.Stage).ToHashSet();
        RegisteredModel? model = null;
        try
        {
            model = await registry.GetAsync(name, context.RequestAborted);
        }
        finally
        {
            foreach (var stage in wanted)
            {
                await AskedModels.KeepAsync(context, $"{name}/{stage}", model?.LatestVersions.FirstOrDefault(version => version.Stage == stage));
            }

            if (wanted.Count == 0)
            {
                await AskedModels.KeepAsync(context, $"{name}/latest", model?.LatestVersions.MaxBy(version => version.Number));
            }
        }

        await JsonAnswer.StreamAsync(
            context,
            "model_versions",
            [.. model.LatestVersions.Where(version => wanted.Count == 0 || wanted.Contains(version.Stage))],
            RegistryWriter.Write);
    }

    public async Task SetTagAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, key, value) = (fields.RequiredText("name"), fields.RequiredText("key"), fields.Text("value") ?? "");
        RegistryFields.CheckTag(key, value);
        await registry.TagAsync(name, key, value, context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public async Task DeleteTagAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, key) = (fields.RequiredText("name"), fields.RequiredText("key"));
        RegistryFields.CheckTagKey(key);
        await registry.TagAsync(name, key, value: null, context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    private async Task<CairnException> TakenAsync(string name, bool isPrompt, CairnException taken, CancellationToken cancellationToken)
    {
        var wasPrompt = (await registry.GetAsync(name, cancellationToken)).IsPrompt;
        var (old, now) = (wasPrompt ? "Prompt" : "Registered Model", isPrompt ? "Prompt" : "Registered Model");
        return new CairnException(
            ErrorCode.AlreadyExists,
            old == now
                ? $"{now} (name={name}) already exists."
                : $"Tried to create a {now.ToLowerInvariant()} with name {PythonText.Repr(name)}, but the name is already taken by a {old.ToLowerInvariant()}. "
                    + "MLflow does not allow creating a model and a prompt with the same name.",
            "name",
            taken);
    }
}
