using Cairn.Client.Wire;

namespace Cairn.Projects.Backends;

/// <summary>Where the commands of runs are carried out.</summary>
public interface IRunBackend
{
    /// <summary>Its name on a command line and in the tag <c>mlflow.project.backend</c>.</summary>
    string Name { get; }

    /// <summary>True where the code travels in a container image: one is built for the project.</summary>
    bool WantsImage => false;

    /// <summary>Tags by which a later process finds what was started here; set on a run before it starts.</summary>
    IReadOnlyDictionary<string, string> Tags { get; }

    /// <summary>Starts a command, or queues it.</summary>
    /// <exception cref="ProjectException">It cannot be started.</exception>
    Task<IRunJob> StartAsync(JobOrder order, CancellationToken cancellation);

    /// <summary>
    /// What an earlier process started for a run and left behind, whether it goes on or has ended since; null where there
    /// is nothing left, as always for backends whose jobs end with the process that started them.
    /// </summary>
    /// <param name="run">The run, with its tags.</param>
    /// <param name="remark">Gets remarks for people.</param>
    /// <param name="cancellation">Ends the looking.</param>
    Task<IRunJob?> FindAsync(RunDetail run, Action<string> remark, CancellationToken cancellation);
}
