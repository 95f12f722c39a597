using Cairn.Projects.Processes;

namespace Cairn.Projects.Environments;

/// <summary>Runs one command of an installer.</summary>
internal static class Installer
{
    private static readonly string[] Misleading = ["VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "CAIRN_RUN_ID"];

    /// <exception cref="ProjectException">It failed: the last lines of its complaint, and the remedy.</exception>
    public static async Task DoAsync(
        string program, IReadOnlyList<string> arguments, string folder, Action<string> tell, string remedy, CancellationToken cancellation)
    {
        var variables = CurrentEnvironment.Copy();
        // An environment someone is in must not be installed into in place of the new one.
        foreach (var name in Misleading)
        {
            variables.Remove(name);
        }

        var result = await Tool.RunAsync(new ChildCommand(program, arguments, folder, variables), line => tell(line.Trim()), cancellation);
        if (!result.Exit.IsSuccess)
        {
            throw new ProjectException($"{Path.GetFileName(program)} {arguments[0]} {arguments[1]} failed ({result.Exit}):\n{result.Complaint}\n{remedy}");
        }
    }

    /// <summary>Lines as a file for pip.</summary>
    public static async Task<string> WriteListAsync(IEnumerable<string> lines, string folder, CancellationToken cancellation)
    {
        var file = Path.Combine(folder, "cairn-requirements.txt");
        await File.WriteAllLinesAsync(file, lines, cancellation);
        return file;
    }
}
