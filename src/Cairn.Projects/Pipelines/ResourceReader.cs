using System.Globalization;
using System.Text.RegularExpressions;
using Cairn.Projects.Backends;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Pipelines;

/// <summary>Reads <c>cpus</c>, <c>memory</c> and <c>gpus</c>.</summary>
internal sealed partial class ResourceReader(ProjectFindings findings, FieldReader fields)
{
    public JobResources Read(YamlMapping mapping, string? field) => new(
        fields.Whole(mapping, "cpus", field, 1, 4096) ?? 1,
        Memory(mapping, field),
        Gpus(mapping, field));

    /// <summary>Bytes: "4G", "512 MiB", "2GB"; a number alone is megabytes, as for Slurm.</summary>
    private long? Memory(YamlMapping mapping, string? field)
    {
        if (fields.Text(mapping, "memory", field) is not { } text)
        {
            return null;
        }

        if (Amount().Match(text.Trim()) is { Success: true } match
            && double.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var amount) && amount > 0)
        {
            var power = match.Groups[2].Value.ToUpperInvariant() switch { "K" => 1, "" or "M" => 2, "G" => 3, _ => 4 };
            var bytes = amount * Math.Pow(1024, power);
            if (bytes is >= 1 << 20 and < 1L << 60)
            {
                return (long)bytes;
            }
        }

        findings.Fault(mapping.Find("memory")!.Value, FieldReader.Dotted(field, "memory"), "This must be an amount of memory.", "Write 512M, 4G or 1T.");
        return null;
    }

    private string? Gpus(YamlMapping mapping, string? field)
    {
        if (fields.Text(mapping, "gpus", field) is not { } text)
        {
            return null;
        }

        if (Kind().IsMatch(text))
        {
            return text == "0" ? null : text;
        }

        findings.Fault(mapping.Find("gpus")!.Value, FieldReader.Dotted(field, "gpus"), "This must be a number of graphics processors, or with their kind.", "Write 1 or a100:2.");
        return null;
    }

    [GeneratedRegex(@"^([0-9]+(?:\.[0-9]+)?)\s*([KMGTkmgt]?)(?:i?[Bb])?\z")]
    private static partial Regex Amount();

    [GeneratedRegex(@"^(?:[A-Za-z][A-Za-z0-9_-]{0,40}:)?[0-9]{1,4}\z")]
    private static partial Regex Kind();
}
