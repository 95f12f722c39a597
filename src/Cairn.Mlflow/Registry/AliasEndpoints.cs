using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Models;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Registry;

/// <summary>Aliases of registered models.</summary>
internal sealed class AliasEndpoints(ModelRegistry registry)
{
    public async Task SetAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, alias, version) = (fields.RequiredText("name"), fields.RequiredText("alias"), fields.RequiredText("version"));
        RegistryFields.SettableAlias(alias);
        await registry.SetAliasAsync(name, alias, RegistryFields.Version(version), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, alias) = (fields.RequiredText("name"), fields.RequiredText("alias"));
        if (RegistryFields.IsReservedAlias(RegistryFields.Alias(alias)))
        {
            // No such alias was ever set: what is not there is removed without a word, as any other is.
            await registry.GetAsync(name, context.RequestAborted);
        }
        else
        {
            await registry.RemoveAliasAsync(name, alias, context.RequestAborted);
        }

        await JsonAnswer.EmptyAsync(context);
    }

    public async Task GetAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, alias) = (fields.RequiredText("name"), fields.RequiredText("alias"));
        RegistryFields.Alias(alias);
        ModelVersion? found = null;
        try
        {
            found = await FindAsync(name, alias, context.RequestAborted);
        }
        finally
        {
            await AskedModels.KeepAsync(context, $"{name}@{alias}", found);
        }

        await RegistryWriter.AnswerAsync(context, found);
    }

    private async Task<ModelVersion> FindAsync(string name, string alias, CancellationToken cancellationToken)
    {
        if (alias.Equals(ArtifactCatalog.Latest, StringComparison.OrdinalIgnoreCase))
        {
            var model = await registry.GetAsync(name, cancellationToken);
            return model.LatestVersions.MaxBy(version => version.Number)
                ?? throw CairnException.NotFound($"Latest version not found for model {name}.");
        }

        return await registry.FindVersionAsync(name, new VersionReference(null, alias), cancellationToken)
            ?? throw CairnException.Invalid("alias", $"Registered model alias {alias} not found.");
    }
}
