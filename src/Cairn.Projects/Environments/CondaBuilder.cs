using System.Text;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Environments;

/// <summary>conda, mamba or micromamba, whichever is there.</summary>
internal sealed class CondaBuilder(string program) : IEnvironmentBuilder
{
    private static readonly string[] Names = ["micromamba", "mamba", "conda"];

    private static readonly string[] Variables = ["MAMBA_EXE", "CONDA_EXE"];

    public string Kind => "conda";

    public string Identity => "conda";

    private bool IsMicro => Path.GetFileName(program).StartsWith("micromamba", StringComparison.Ordinal);

    /// <summary>The tool on PATH, or where its own variables say; never our own stand-in.</summary>
    public static CondaBuilder? Find()
    {
        var named = Variables.Select(Environment.GetEnvironmentVariable).Where(File.Exists);
        var program = named.Concat(Names.Select(Programs.Find)).FirstOrDefault(path => path is not null && !CondaStandIn.IsOurs(path));
        return program is null ? null : new CondaBuilder(program);
    }

    public async Task<string> BuildAsync(PythonNeeds needs, string folder, Action<string> tell, CancellationToken cancellation)
    {
        tell($"solving and installing with {Path.GetFileName(program)}");
        string[] create = IsMicro ? ["create", "-y", "-p", folder, "-f", needs.File] : ["env", "create", "-q", "-p", folder, "-f", needs.File];
        await Installer.DoAsync(program, create, needs.Folder, tell,
            "See which package conda complains about, change the file, or run with --env-manager virtualenv or system.", cancellation);
        var explicitList = await ProgramAnswer.ReadAsync(program, ["list", "-p", folder, "--explicit"], "/", TimeSpan.FromMinutes(1), cancellation);
        var packages = await Interpreter.AskAsync(Path.Combine(folder, "bin", "python"), [], cancellation);
        return new StringBuilder().Append(explicitList).Append('\n').Append(packages?.Lock).ToString().Trim();
    }
}
