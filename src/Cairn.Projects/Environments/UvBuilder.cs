namespace Cairn.Projects.Environments;

/// <summary>uv, which also brings the Python where that is missing.</summary>
internal sealed class UvBuilder(string uv, string? version) : IEnvironmentBuilder
{
    public string Kind => "uv";

    public string Identity => $"uv python {version}";

    public async Task<string> BuildAsync(PythonNeeds needs, string folder, Action<string> tell, CancellationToken cancellation)
    {
        tell($"making an environment with uv{(version is null ? "" : $" and Python {version}")}");
        string[] python = version is null ? [] : ["--python", version];
        await Installer.DoAsync(uv, ["venv", "--no-project", .. python, folder], needs.Folder, tell,
            "uv could not get that Python: see 'uv python list'.", cancellation);
        var inner = Path.Combine(folder, "bin", "python");
        foreach (var lines in new[] { needs.BuildPackages, [.. needs.CondaAsPip, .. needs.Packages] })
        {
            if (lines.Count > 0)
            {
                var list = await Installer.WriteListAsync(lines, folder, cancellation);
                await Installer.DoAsync(uv, ["pip", "install", "--python", inner, "-r", list], needs.Folder, tell,
                    "See which line uv complains about, change the file, or run with --env-manager system.", cancellation);
            }
        }

        return (await Interpreter.AskAsync(inner, [], cancellation))?.Lock ?? "";
    }
}
