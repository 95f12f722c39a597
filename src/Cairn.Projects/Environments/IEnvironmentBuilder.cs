namespace Cairn.Projects.Environments;

/// <summary>A tool that installs Python environments.</summary>
internal interface IEnvironmentBuilder
{
    /// <summary>"virtualenv" or "conda", as MLflow's tag has it.</summary>
    string Kind { get; }

    /// <summary>The tool and version of Python, as far as they decide what is installed: part of the hash.</summary>
    string Identity { get; }

    /// <summary>Installs into a folder that is not there yet.</summary>
    /// <returns>What is installed, to the version.</returns>
    /// <exception cref="ProjectException">It cannot be installed; says what to do.</exception>
    Task<string> BuildAsync(PythonNeeds needs, string folder, Action<string> tell, CancellationToken cancellation);
}
