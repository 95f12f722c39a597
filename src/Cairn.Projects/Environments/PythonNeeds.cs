using System.Text;

namespace Cairn.Projects.Environments;

/// <summary>What a Python environment must hold, from a conda file or a python_env file.</summary>
/// <param name="File">Absolute path of the file that says so.</param>
/// <param name="Python">Condition on the version as written ("3.9", ">=3.8"), or null.</param>
/// <param name="BuildPackages">Installed first.</param>
/// <param name="Packages">Lines for pip, includes resolved.</param>
/// <param name="CondaPackages">Further packages as conda writes them; empty for a python_env file.</param>
/// <param name="Channels">Channels of conda.</param>
internal sealed record PythonNeeds(
    string File,
    string? Python,
    IReadOnlyList<string> BuildPackages,
    IReadOnlyList<string> Packages,
    IReadOnlyList<string> CondaPackages,
    IReadOnlyList<string> Channels)
{
    public string Folder => Path.GetDirectoryName(File)!;

    /// <summary>Conda's packages as lines for pip: most bear the same name there.</summary>
    public IEnumerable<string> CondaAsPip => CondaPackages.Select(AsPip).OfType<string>();

    /// <summary>All that decides what is installed, as text to be hashed.</summary>
    public string Canonical
    {
        get
        {
            var text = new StringBuilder();
            text.Append("python ").Append(Python).Append('\n');
            Append("build", BuildPackages);
            Append("pip", Packages);
            Append("conda", CondaPackages);
            Append("channel", Channels);
            if (Packages.Any(line => line.StartsWith('-') || line.StartsWith('.') || line.Contains("file:", StringComparison.Ordinal)))
            {
                // Lines that are read against the project's folder mean something else in another one.
                text.Append("folder ").Append(Folder).Append('\n');
            }

            return text.ToString();

            void Append(string kind, IReadOnlyList<string> lines)
            {
                foreach (var line in lines)
                {
                    text.Append(kind).Append(' ').Append(line).Append('\n');
                }
            }
        }
    }

    /// <summary>"scikit-learn=1.2.1=build" becomes "scikit-learn==1.2.1"; what only conda has is left out.</summary>
    private static string? AsPip(string package)
    {
        var text = package.Contains("::", StringComparison.Ordinal) ? package[(package.IndexOf("::", StringComparison.Ordinal) + 2)..] : package;
        var parts = text.Replace(" ", "", StringComparison.Ordinal).Split('=', StringSplitOptions.RemoveEmptyEntries);
        var name = parts[0].TrimEnd('<', '>', '!', '~');
        if (name is "pip" or "python" or "setuptools" or "wheel" or "ca-certificates" or "openssl" or "libgcc-ng" or "sqlite" || name.StartsWith('_') || name.StartsWith("lib", StringComparison.Ordinal))
        {
            return null;
        }

        if (text.IndexOfAny(['<', '>', '!', '~']) >= 0)
        {
            return text.Replace(" ", "", StringComparison.Ordinal);
        }

        return parts.Length == 1 ? name : $"{name}=={parts[1].TrimEnd('*').TrimEnd('.')}{(parts[1].Split('.').Length < 3 ? ".*" : "")}";
    }
}
