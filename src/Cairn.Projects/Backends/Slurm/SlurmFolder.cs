using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Cairn.Projects.Binding;

namespace Cairn.Projects.Backends.Slurm;

/// <summary>
/// Where one job and we meet: the script it runs, what it prints, and its exit code, which is read from here because
/// Slurm forgets jobs a few minutes after their end. A runner that was killed finds it all again.
/// </summary>
internal sealed partial class SlurmFolder(string path)
{
    /// <summary>Variables that belong to the job itself, or that a shell does not let anybody set.</summary>
    private static readonly string[] OfTheJob =
    [
        "SLURM", "SBATCH_", "SQUEUE_", "CUDA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL", "SHELLOPTS", "BASHOPTS", "TMPDIR",
    ];

    private static readonly string[] OfTheShell = ["_", "PWD", "OLDPWD", "SHLVL", "PPID", "UID", "EUID"];

    public string Path => path;

    /// <summary>What the batch job executes.</summary>
    public string Script => In("command.sh");

    /// <summary>Both outputs, in the order in which they were written.</summary>
    public string Output => In("output");

    /// <summary>The job, from the moment we know it.</summary>
    private string JobFile => In("job");

    private string BatchFile => In("batch");

    /// <summary>True as soon as the job has begun.</summary>
    public bool HasBegun => File.Exists(In("began"));

    /// <summary>The command's exit code; null while it goes on, or where it was not left the time to write it.</summary>
    public int? ExitCode => int.TryParse(Read("exit"), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : null;

    /// <summary>The job's id, from us or from itself; null where neither was written.</summary>
    public string? Job => Read("job") ?? Read("began");

    /// <summary>The submission it belongs to, and its place in that; known before Slurm is asked.</summary>
    public (string Batch, int Index)? Batch =>
        Read("batch")?.Split(' ') is [var batch, var index] && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (batch, number)
            : null;

    /// <summary>Makes it, for its owner only: it holds the whole environment of the command.</summary>
    public void Prepare(JobOrder order)
    {
        MakePrivate(path);
        var environment = new StringBuilder();
        foreach (var (name, value) in order.Command.Environment)
        {
            if (Name().IsMatch(name) && !OfTheShell.Contains(name) && !Array.Exists(OfTheJob, prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                environment.Append("export ").Append(name).Append('=').Append(ShellText.Word(value)).Append('\n');
            }
        }

        WritePrivate(In("environment"), environment.ToString());
        WritePrivate(Script, $"""
            exec >{Word("output")} 2>&1 </dev/null
            printf '%s\n' "$([ -n "$SLURM_ARRAY_JOB_ID" ] && echo "$SLURM_ARRAY_JOB_ID"_"$SLURM_ARRAY_TASK_ID" || echo "$SLURM_JOB_ID")" >{Word("began.part")}
            mv {Word("began.part")} {Word("began")}
            cd {ShellText.Word(order.Command.Folder)} || exit 126
            . {Word("environment")}
            rm -f {Word("environment")}
            trap : TERM INT HUP
            {ShellText.Line([order.Command.Program, .. order.Command.Arguments])}
            code=$?
            printf '%s\n' $code >{Word("exit.part")} && mv {Word("exit.part")} {Word("exit")}
            exit $code

            """);
    }

    public void NoteBatch(string batch, int index) => WritePrivate(BatchFile, string.Create(CultureInfo.InvariantCulture, $"{batch} {index}"));

    public void NoteJob(string job) => WritePrivate(JobFile, job);

    public void Remove()
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A node's file system may still hold it; it is small and private.
        }
    }

    public static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new ProjectException("--backend slurm works on Linux.");
        }

        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public static void WritePrivate(string file, string text)
    {
        var aside = $"{file}.part";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(aside, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, file, overwrite: true);
    }

    private string In(string name) => System.IO.Path.Combine(path, name);

    private string Word(string name) => ShellText.Word(In(name));

    private string? Read(string name)
    {
        try
        {
            return File.ReadAllText(In(name)).Trim() is { Length: > 0 } text ? text : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Name();
}
