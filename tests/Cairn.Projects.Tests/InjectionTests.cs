using System.Text;
using Cairn.Client;
using Cairn.Projects.Binding;
using Cairn.Projects.Environments;
using Cairn.Projects.Running;
using Cairn.Tests;

namespace Cairn.Projects.Tests;

/// <summary>
/// What attackers put into parameters of runners of this format (the command injections known from MLflow: values with
/// substitutions, and names, which MLflow does not quote), sent through whole runs.
/// </summary>
public sealed class InjectionTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    /// <summary>Commands that print their arguments one to a line, with the places a value can have.</summary>
    private static readonly string[] Templates =
    [
        "printf '%s\\n' {x}",
        "printf '%s\\n' \"{x}\"",
        "printf '%s\\n' '{x}'",
        "printf '%s\\n' \"$(printf %s {x})\"",
        "printf '%s\\n'",
    ];

    public static readonly TheoryData<string, string> Attacks = new()
    {
        { "x", "$(touch canary); ' \"" },
        { "x", "`touch canary`" },
        { "x", "a'b" },
        { "x", "'; touch canary; '" },
        { "x", "\"; touch canary; \"" },
        { "x", "\n touch canary \n#" },
        { "x", "| touch canary" },
        { "x", "&& touch canary" },
        { "x", "> canary" },
        { "x", "--flag" },
        { "x", "-rf /" },
        { "x", "~/../{x}%s\\" },
        { "$(touch canary); ' \"", "v" },
        { "x;touch canary;", "1" },
        { "`touch canary`", "$(touch canary)" },
        { "--upload-pack", "touch canary" },
        { "-", "" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Values_and_names_arrive_as_plain_text_and_are_recorded_so(string name, string value)
    {
        foreach (var template in name == "x" ? Templates : [Templates[^1]])
        {
            using var folder = new TemporaryFolder();
            var declared = template.Contains("{x}", StringComparison.Ordinal);
            var parameters = declared ? "\n    parameters: {x: string}" : "";
            folder.Write("MLproject", $"entry_points:\n  main:{parameters}\n    command: >-\n      {template}\n");
            var bound = ParameterBinder.Bind(ProjectFile.Open(folder.Path), "main", [new(name, value)], folder.Path);
            var output = new StringBuilder();
            var run = await new ProjectRunner(server.Client).CreateAsync(
                bound,
                new ProjectRunOptions { Output = (_, bytes) => output.Append(Encoding.UTF8.GetString(bytes)) },
                CancellationToken.None);
            var result = await run.ExecuteAsync(CancellationToken.None, CancellationToken.None).WaitAsync(SafetyNet.Limit);
            Assert.True(result.IsSuccess, output.ToString());
            Assert.Equal(declared ? $"{value}\n" : $"--{name}\n{value}\n", output.ToString());
            Assert.Equal(value, result.Run.Params[name].GetString());
            Assert.Equal(["MLproject"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
        }
    }

    /// <summary>Constructors that some YAML readers call.</summary>
    [Theory]
    [InlineData("name: !!python/object/apply:os.system [touch canary]\nentry_points: {main: {command: x}}\n")]
    [InlineData("entry_points: {main: {command: !!python/object/apply:os.system touch canary}}\n")]
    [InlineData("entry_points: {main: {command: x, parameters: {p: {default: !!python/name:os.system }}}}\n")]
    [InlineData("entry_points: !!map {main: !<tag:yaml.org,2002:python/module:os> {command: x}}\n")]
    public void Tags_of_yaml_call_nothing(string text)
    {
        using var folder = new TemporaryFolder();
        folder.Write("MLproject", text);
        folder.Write("pipeline.yaml", text);
        folder.Write("conda.yaml", text);
        foreach (var read in new Action[] { () => ProjectFile.Open(folder.Path), () => Cairn.Projects.Pipelines.PipelineFile.Open(folder.Path) })
        {
            try
            {
                read();
            }
            catch (ProjectException)
            {
                // Refused is as good as read as plain text.
            }
        }

        Assert.Equal(["MLproject", "conda.yaml", "pipeline.yaml"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>What a component of a chain is called goes into lines that a shell evaluates.</summary>
    [Theory]
    [InlineData("$(touch canary)")]
    [InlineData("a'; touch canary; '")]
    [InlineData("a\ntouch canary\n")]
    public void Names_and_commands_of_components_are_words(string name)
    {
        Assert.Equal([name], Cairn.Projects.Chains.ShellWords.Split(ShellText.Word(name)));
    }

    /// <summary>A server that would have its file called otherwise, and addresses whose last part is no name.</summary>
    [Theory]
    [InlineData("data.csv", "data.csv")]
    [InlineData("a%2f..%2f..%2fpoc.txt", "poc.txt")]
    [InlineData("..%2f..", "download")]
    [InlineData("a%0ab", "download")]
    [InlineData("", "download")]
    public async Task A_fetched_parameter_is_called_by_its_address_lies_in_a_folder_of_its_own_and_is_gone_afterwards(string path, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        using var listener = FreePort.Listen(out var url);
        var serve = Task.Run(async () =>
        {
            var context = await listener.GetContextAsync();
            context.Response.AddHeader("Content-Disposition", "attachment; filename=../../poc.txt; filename*=UTF-8''..%2f..%2fpoc");
            context.Response.Close(Encoding.UTF8.GetBytes("content"), willBlock: false);
        });
        folder.Write("MLproject", "entry_points:\n  main:\n    parameters: {data: path}\n    command: cat {data}\n");
        var bound = await ParameterFetcher.BindAsync(
            ProjectFile.Open(folder.Path), "main", [new("data", url + path)], folder.Path, null, server.Client, _ => { }, TestContext.Current.CancellationToken);
        await serve;
        var place = Assert.Single(bound.Fetched);
        Assert.Equal([Path.Combine(place, "param_0", name)], Directory.GetFiles(place, "*", SearchOption.AllDirectories));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(place));
        bound.RemoveFetched();
        Assert.False(Directory.Exists(place));
        Assert.Equal(["MLproject"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Folders_of_ours_are_for_their_owner_only_and_a_link_in_their_place_is_not_written_through()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        var cache = Path.Combine(folder.Path, "a", "cache");
        OwnFile.Write(Path.Combine(cache, "x.sh"), "x", isProgram: true);
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal([own, own], [File.GetUnixFileMode(cache), File.GetUnixFileMode(Path.GetDirectoryName(cache)!)]);
        var victim = folder.Write("victim", "untouched");
        File.Delete(Path.Combine(cache, "x.sh"));
        File.CreateSymbolicLink(Path.Combine(cache, "x.sh"), victim);
        OwnFile.Write(Path.Combine(cache, "x.sh"), "new", isProgram: false);
        Assert.Equal(("untouched", "new"), (File.ReadAllText(victim), File.ReadAllText(Path.Combine(cache, "x.sh"))));
    }

    /// <summary>Versions and aliases of artifacts that a step names.</summary>
    [Theory]
    [InlineData("x:../../prod")]
    [InlineData("x:v0/../../y")]
    [InlineData("../x:latest")]
    [InlineData("x:$(touch canary)")]
    public async Task A_reference_that_would_lead_elsewhere_is_not_found(string reference)
    {
        var fault = await Assert.ThrowsAsync<CairnClientException>(() => server.Client.ResolveArtifactAsync(reference, "nowhere", TestContext.Current.CancellationToken));
        Assert.True(fault.Code is "not_found" or "invalid_argument", fault.Message);
    }
}
