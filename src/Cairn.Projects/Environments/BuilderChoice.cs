using Cairn.Projects.Processes;

namespace Cairn.Projects.Environments;

/// <summary>Which tool makes a Python environment, or that none has to.</summary>
internal static class BuilderChoice
{
    /// <exception cref="ProjectException">The tool, or a fitting Python, is missing.</exception>
    public static async Task<(IEnvironmentBuilder? Builder, PreparedEnvironment? Running)> MakeAsync(
        EnvironmentChoice choice, EnvironmentKind kind, PythonNeeds needs, CancellationToken cancellation)
    {
        switch (choice)
        {
            case EnvironmentChoice.Conda when kind != EnvironmentKind.Conda:
                throw new ProjectException("--env-manager conda needs a conda_env in the project; this one has a python_env. Use --env-manager virtualenv or uv.");
            case EnvironmentChoice.Conda:
                return (CondaBuilder.Find() ?? throw Missing("conda, mamba or micromamba", "https://conda-forge.org/download"), null);
            case EnvironmentChoice.Uv:
                return (new UvBuilder(Programs.Find("uv") ?? throw Missing("uv", "https://docs.astral.sh/uv"), needs.Python), null);
            case EnvironmentChoice.Virtualenv:
                return (await VirtualenvAsync(needs, cancellation), null);
        }

        if (await RunningAsync(needs, cancellation) is { } running)
        {
            return (null, running);
        }

        if (kind == EnvironmentKind.Conda && CondaBuilder.Find() is { } conda)
        {
            return (conda, null);
        }

        return Programs.Find("uv") is { } uv ? (new UvBuilder(uv, needs.Python), null) : (await VirtualenvAsync(needs, cancellation), null);
    }

    /// <summary>The interpreter that is there, where it has everything already.</summary>
    private static async Task<PreparedEnvironment?> RunningAsync(PythonNeeds needs, CancellationToken cancellation)
    {
        string[] wanted = [.. needs.CondaAsPip, .. needs.Packages];
        return await Interpreter.AskAsync(null, wanted, cancellation) is { Missing.Count: 0 } usual && Interpreter.Fits(usual.Python.Version, needs.Python)
            ? new PreparedEnvironment("system", null, null, $"python=={usual.Python.Version}\n{usual.Lock}")
            : null;
    }

    private static async Task<VirtualenvBuilder> VirtualenvAsync(PythonNeeds needs, CancellationToken cancellation) =>
        await Interpreter.FindAsync(needs.Python, cancellation) is { } python
            ? new VirtualenvBuilder(python)
            : throw new ProjectException(
                $"The project wants Python {needs.Python ?? "3"}, and there is none on this machine. Install it (apt install python3, pyenv install {needs.Python}, uv python install {needs.Python}), or install uv or conda, which bring their own; --env-manager system runs with what is there.");

    private static ProjectException Missing(string tool, string where) =>
        new($"{tool} is not installed: get it from {where}, or run with --env-manager virtualenv (Python's own) or system (the programs on PATH).");
}
