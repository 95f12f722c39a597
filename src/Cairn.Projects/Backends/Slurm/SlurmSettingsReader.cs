using Cairn.Projects.Pipelines;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Backends.Slurm;

/// <summary>Reads the settings of <c>--backend-config</c>. JSON is read as the YAML that it is.</summary>
internal static class SlurmSettingsReader
{
    private static readonly string[] Keys =
    [
        "partition", "account", "qos", "constraint", "reservation", "nodes", "dependency", "time", "cpus", "memory", "gpus", "folder",
    ];

    /// <exception cref="ProjectFileException">The settings have faults.</exception>
    public static SlurmSettings Read(string? text, string origin)
    {
        if (text is null)
        {
            return new SlurmSettings();
        }

        var findings = new ProjectFindings(origin);
        if (YamlDocument.Read(text, findings) is not YamlMapping mapping)
        {
            findings.Fault(1, 1, null, "Settings are a mapping.", "Write {\"partition\": \"main\"}.");
            throw findings.Exception();
        }

        var fields = new FieldReader(findings);
        fields.RefuseUnknown(mapping, Keys, null);
        string? Word(string key) => Plain(fields.Text(mapping, key, null), mapping, key, findings);
        var settings = new SlurmSettings
        {
            Partition = Word("partition"),
            Account = Word("account"),
            Qos = Word("qos"),
            Constraint = Word("constraint"),
            Reservation = Word("reservation"),
            Nodes = Word("nodes"),
            Dependency = Word("dependency"),
            Time = fields.Time(mapping, "time", null),
            Resources = new ResourceReader(findings, fields).Read(mapping, null),
            Folder = fields.Text(mapping, "folder", null) is { } folder ? Path.GetFullPath(folder) : null,
        };
        return findings.HasFaults ? throw findings.Exception() : settings;
    }

    /// <summary>Values are arguments of sbatch, never a shell's; still none may look like an option or hold a line end.</summary>
    private static string? Plain(string? value, YamlMapping mapping, string key, ProjectFindings findings)
    {
        if (value is not null && (value.Length == 0 || value[0] == '-' || value.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))))
        {
            findings.Fault(mapping.Find(key)!.Value, key, "This must be one word that does not begin with a dash.");
        }

        return value;
    }
}
