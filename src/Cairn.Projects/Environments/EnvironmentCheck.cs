using Cairn.Projects.Processes;

namespace Cairn.Projects.Environments;

/// <summary>Whether the environment that a project asks for can be had on this machine, without building it.</summary>
public static class EnvironmentCheck
{
    /// <summary>What stands in its way, and what to do about it; null where nothing is known to.</summary>
    public static async Task<(string Message, string? Suggestion)?> FaultAsync(Project project, CancellationToken cancellation)
    {
        try
        {
            switch (project.Environment.Kind)
            {
                case EnvironmentKind.Conda or EnvironmentKind.Python:
                    var needs = PythonNeedsReader.Read(project);
                    return CondaBuilder.Find() is null && Programs.Find("uv") is null && await Interpreter.FindAsync(needs.Python, cancellation) is null
                        ? ($"It wants Python {needs.Python}, which is not on this machine.", "Install it, or uv or conda, which bring it.")
                        : null;
                case EnvironmentKind.Docker when Programs.Find("docker") is null && Programs.Find("podman") is null:
                    return ("It runs in a container, and neither docker nor podman is installed.", null);
                default:
                    return null;
            }
        }
        catch (ProjectException fault)
        {
            return (fault.Message, null);
        }
    }
}
