using Cairn.Cli.Hosting;
using Cairn.Projects.Backends;

namespace Cairn.Cli.Commands.Running;

/// <summary>The backend that a command line names.</summary>
internal static class BackendArguments
{
    /// <exception cref="UsageException">The server would not outlive this command.</exception>
    /// <exception cref="Projects.ProjectException">The backend is not known, or its settings have faults.</exception>
    public static IRunBackend Make(CairnProgram program, ServerSession session, string? name, string? config)
    {
        var backend = BackendChoice.Make(name, config, session.Client.Options.CacheFolder);
        if (backend is LocalBackend)
        {
            return backend;
        }

        if (session.IsHosted)
        {
            throw new UsageException($"--backend {backend.Name} needs a server that its jobs can reach and that outlives this command. Start one with 'cairn server', or name one with --url.");
        }

        if (session.Client.Url.IsLoopback)
        {
            program.Terminal.Say($"{program.Terminal.ErrorInk.Warn("!")} The server is {session.Client.Url.AbsoluteUri.TrimEnd('/')}: jobs on other machines do not reach it under that address.");
        }

        return backend;
    }
}
