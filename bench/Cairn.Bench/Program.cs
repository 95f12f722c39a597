using System.Globalization;
using Cairn.Bench;

// Usage: Cairn.Bench BINARY [case …]; `make bench` publishes the binary and runs all cases. `Cairn.Bench store FOLDER` makes the
// store that the pages are measured on.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["series", ..])
{
    await SeriesComparison.RunAsync();
    return 0;
}

if (args is ["store", var folder])
{
    await PageStore.MakeAsync(Path.GetFullPath(folder));
    return 0;
}

var binary = args.Length > 0 ? Path.GetFullPath(args[0]) : throw new ArgumentException("Name the cairn binary.");
var wanted = args.Skip(1).ToHashSet(StringComparer.Ordinal);
var work = Directory.CreateTempSubdirectory("cairn-bench-").FullName;
var report = new Report();
try
{
    await Cases.RunAsync(binary, work, name => wanted.Count == 0 || wanted.Contains(name), report);
}
finally
{
    Directory.Delete(work, recursive: true);
}

return report.Print() ? 0 : 1;
