using Cairn.Client;
using Cairn.Projects.Environments;
using Cairn.Projects.Pipelines.Promotion;
using Cairn.Projects.Pipelines.Running;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Pipelines;

/// <summary>Something a check found.</summary>
/// <param name="Finding">What and where.</param>
/// <param name="IsFault">True where the pipeline would fail; false where it only might.</param>
public sealed record CheckFinding(ProjectFinding Finding, bool IsFault);

/// <summary>Looks at what a pipeline refers to outside of its file: components, parameters, files, artifacts, tools.</summary>
public sealed class PipelineCheck(Pipeline pipeline, CairnClient client)
{
    private readonly List<CheckFinding> _found = [];
    private readonly string _file = PipelineFile.Shown(pipeline.File);

    /// <summary>All that is found, in the order of the steps.</summary>
    public async Task<IReadOnlyList<CheckFinding>> FindAsync(CancellationToken cancellation)
    {
        using var components = new Components(pipeline, null, EnvironmentChoice.Auto, buildImage: false, _ => { });
        var values = new ValueCheck(pipeline, Overrides.Apply(pipeline, []));
        foreach (var trigger in pipeline.Triggers)
        {
            CheckChanges(trigger);
        }

        foreach (var step in pipeline.Steps)
        {
            foreach (var path in pipeline.Code.Concat(step.Code).Where(path => !Path.Exists(Path.Combine(pipeline.Folder, path))))
            {
                Fault(step, "code", $"There is no file or folder '{path}'.");
            }

            var entryPoint = await CheckComponentAsync(step, components, cancellation);
            foreach (var (key, finding) in values.Find(step, entryPoint))
            {
                var (line, column) = finding.Line > 0 ? (finding.Line, finding.Column) : step.PlaceOf(key);
                _found.Add(new CheckFinding(finding with { File = _file, Line = line, Column = column, Field = $"steps.{step.Name}.{key}" }, true));
            }

            await CheckInputsAsync(step, cancellation);
            foreach (var name in step.Templates.SelectMany(template => template.Paths).Where(path => path is ["env", _]).Select(path => path[1]).Distinct()
                .Where(name => Environment.GetEnvironmentVariable(name) is null))
            {
                Fault(step, "env", $"The variable {name} is not set.", $"export {name}=…");
            }
        }

        return _found;
    }

    /// <summary>A trigger's changes of parameters are made when it goes off, and nobody looks on then.</summary>
    private void CheckChanges(DeclaredTrigger trigger)
    {
        try
        {
            Overrides.Apply(pipeline, trigger.Request.Changes ?? []);
        }
        catch (ProjectException fault)
        {
            _found.Add(new CheckFinding(new ProjectFinding(_file, trigger.Line, trigger.Column, $"triggers.{trigger.Request.Name}.set", fault.Message), true));
        }
    }

    /// <summary>The entry point, of a component that is there.</summary>
    private async Task<EntryPoint?> CheckComponentAsync(PipelineStep step, Components components, CancellationToken cancellation)
    {
        try
        {
            if (!Directory.Exists(Path.Combine(pipeline.Folder, step.Component)) && step.Version is null
                && Sources.SourceAddress.Parse(step.Component) is { Kind: Sources.SourceKind.Folder, Subfolder: null })
            {
                Fault(step, "component", $"There is no folder '{step.Component}'.");
                return null;
            }

            var project = await components.OpenAsync(step, cancellation);
            var entryPoint = project.EntryPoint(step.EntryPoint);
            CheckParameters(step, entryPoint);
            if (Binding.CommandTemplate.Check(entryPoint.Command, entryPoint.Parameters.Select(parameter => parameter.Name)) is { } faulty)
            {
                Fault(step, "component", faulty);
            }

            if (await EnvironmentCheck.FaultAsync(project, cancellation) is { } missing)
            {
                Fault(step, "component", missing.Message, missing.Suggestion);
            }

            return entryPoint;
        }
        catch (ProjectException fault)
        {
            Fault(step, "component", fault.Message);
            return null;
        }
    }

    private void CheckParameters(PipelineStep step, EntryPoint entryPoint)
    {
        var given = step.Parameters.Select(pair => pair.Key).Concat(step.Inputs.Select(pair => pair.Key)).ToHashSet(StringComparer.Ordinal);
        foreach (var missing in entryPoint.Parameters.Where(parameter => parameter.Default is null && !given.Contains(parameter.Name)))
        {
            Fault(step, "params", $"Parameter '{missing.Name}' has no value.", $"Add '{missing.Name}: …' under params.");
        }

        foreach (var name in step.Parameters.Select(pair => pair.Key).Where(name => entryPoint.Parameters.All(parameter => parameter.Name != name)))
        {
            var near = Closest.To(name, entryPoint.Parameters.Select(parameter => parameter.Name));
            Note(step, "params", $"'{name}' is not declared by the component and is appended to its command.", near is null ? null : $"Did you mean '{near}'?");
        }
    }

    /// <summary>An artifact that neither exists nor is made by an earlier step cannot be read.</summary>
    private async Task CheckInputsAsync(PipelineStep step, CancellationToken cancellation)
    {
        var experiment = pipeline.Experiment ?? pipeline.Name;
        foreach (var scalar in step.Inputs.Select(input => input.Value).Where(template => !template.Paths.Any()).Select(template => template.Node).OfType<YamlScalar>())
        {
            if (pipeline.Steps.Any(other => other.Outputs.Any(output => output.Value == scalar.Text.Split(':')[0])))
            {
                continue;
            }

            try
            {
                await client.ResolveArtifactAsync(scalar.Text, experiment, cancellation);
            }
            catch (CairnClientException fault) when (fault.Code == "not_found")
            {
                _found.Add(new CheckFinding(new ProjectFinding(_file, scalar.Line, scalar.Column, $"steps.{step.Name}.inputs", $"'{scalar.Text}' is not there, and no step makes it.", fault.Message), true));
            }
        }
    }

    private void Fault(PipelineStep step, string field, string message, string? suggestion = null) =>
        _found.Add(new CheckFinding(At(step, field, message, suggestion), true));

    private void Note(PipelineStep step, string field, string message, string? suggestion) =>
        _found.Add(new CheckFinding(At(step, field, message, suggestion), false));

    private ProjectFinding At(PipelineStep step, string field, string message, string? suggestion)
    {
        var (line, column) = step.PlaceOf(field);
        return new ProjectFinding(_file, line, column, $"steps.{step.Name}.{field}", message, suggestion);
    }
}
