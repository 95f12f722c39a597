namespace Cairn.Projects.Environments;

/// <summary>Python's own venv and pip.</summary>
internal sealed class VirtualenvBuilder(Interpreter python) : IEnvironmentBuilder
{
    public string Kind => "virtualenv";

    public string Identity => $"venv python {python.Version}";

    public async Task<string> BuildAsync(PythonNeeds needs, string folder, Action<string> tell, CancellationToken cancellation)
    {
        tell($"making a virtual environment with Python {python.Version}");
        await Installer.DoAsync(python.Program, ["-m", "venv", folder], needs.Folder, tell,
            "Python's venv module is needed: apt install python3-venv; or run with --env-manager system.", cancellation);
        var inner = Path.Combine(folder, "bin", "python");
        foreach (var lines in new[] { needs.BuildPackages, [.. needs.CondaAsPip, .. needs.Packages] })
        {
            if (lines.Count > 0)
            {
                var list = await Installer.WriteListAsync(lines, folder, cancellation);
                await Installer.DoAsync(inner, ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-r", list], needs.Folder, tell,
                    "See which line pip complains about, change the file, or run with --env-manager system.", cancellation);
            }
        }

        return (await Interpreter.AskAsync(inner, [], cancellation))?.Lock ?? "";
    }
}
