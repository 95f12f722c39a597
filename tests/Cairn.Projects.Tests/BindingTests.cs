using Cairn.Projects.Binding;

namespace Cairn.Projects.Tests;

public sealed class BindingTests
{
    private static Project Typed(string parameters, string command = "run") =>
        Commands.Read($"entry_points:\n  main:\n    parameters: {parameters}\n    command: {command}\n");

    private static BoundEntryPoint Bind(Project project, params string[] given) =>
        ParameterBinder.Bind(project, "main", ParameterBinder.Split(given), "/");

    [Fact]
    public void Defaults_fill_what_is_not_given_and_undeclared_values_follow_in_their_order()
    {
        var bound = Bind(Typed("{a: {default: 1}, b: string}", "run {a} {b}"), "z=26", "b=two words", "y=25");
        Assert.Equal(["a=1", "b=two words", "z=26", "y=25"], bound.Values.Select(pair => $"{pair.Key}={pair.Value}"));
        Assert.Equal("run 1 'two words' --z 26 --y 25", bound.CommandLine);
    }

    [Fact]
    public void A_value_may_hold_equals_signs_and_be_empty()
    {
        var bound = Bind(Typed("{a: string, b: string}", "run {a} {b}"), "a=x=1 y=2", "b=");
        Assert.Equal("run 'x=1 y=2' ''", bound.CommandLine);
    }

    [Theory]
    [InlineData("{a: float, b: int}", "values for 'a', 'b': add -P a=… -P b=…")]
    [InlineData("{alpha: float}", "'aplha' was given: did you mean 'alpha'?", "aplha=1")]
    [InlineData("{a: float}", "'a' must be a number, 'x' is not", "a=x")]
    [InlineData("{a: float}", "'a' must be a number, '' is not", "a=")]
    [InlineData("{a: int}", "'a' must be a whole number, '1.5' is not", "a=1.5")]
    [InlineData("{a: uri}", "'a' must be a URI", "a=file.csv")]
    [InlineData("{a: path}", "no file or folder '/nowhere'", "a=/nowhere")]
    [InlineData("{a: path}", "cannot fetch 's3://b/k'", "a=s3://b/k")]
    [InlineData("{a: {type: path, default: nowhere}}", "no file or folder 'nowhere'")]
    [InlineData("{}", "'x' is no parameter", "x")]
    [InlineData("{}", "'=x' is no parameter", "=x")]
    [InlineData("{}", "'x' is given twice", "x=1", "x=2")]
    public void Wrong_values_are_refused_by_name(string parameters, string message, params string[] given)
    {
        var e = Assert.Throws<ProjectException>(() => Bind(Typed(parameters), given));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{a: float}", "1", "-1.5e-3", ".5", "1_000", "inf", "NaN", " 1 ")]
    [InlineData("{a: int}", "1", "-1", "+10_000")]
    [InlineData("{a: {type: int, default: None}}", "None", "3")]
    [InlineData("{a: uri}", "s3://b/k", "https://h/x", "file:///x", "runs:/id")]
    [InlineData("{a: string}", "", "anything at all")]
    public void Values_of_the_right_kind_pass_unchanged(string parameters, params string[] values) =>
        Assert.All(values, value => Assert.Equal(value, Bind(Typed(parameters), $"a={value}").Values[0].Value));

    [Fact]
    public void Paths_become_absolute_against_the_callers_folder_and_defaults_against_the_projects()
    {
        using var folder = new TemporaryFolder();
        folder.Write("project/MLproject", "entry_points: {main: {parameters: {data: {type: path, default: data.csv}}, command: 'run {data}'}}\n");
        var own = folder.Write("project/data.csv", "");
        var callers = folder.Write("caller/data.csv", "");
        var project = ProjectFile.Open(folder.Combine("project"));
        Assert.Equal(own, ParameterBinder.Bind(project, "main", [], folder.Combine("caller")).Values[0].Value);
        Assert.Equal(callers, ParameterBinder.Bind(project, "main", [new("data", "data.csv")], folder.Combine("caller")).Values[0].Value);
        Assert.Equal(callers, ParameterBinder.Bind(project, "main", [new("data", $"file://{callers}")], "/").Values[0].Value);
    }

    [Fact]
    public void A_near_miss_of_a_declared_name_is_noted()
    {
        var bound = Bind(Typed("{alpha: {type: float, default: 1}}"), "Alpha=2");
        Assert.Contains("Did you mean 'alpha'?", Assert.Single(bound.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_entry_point_names_those_there_are()
    {
        var project = Commands.Read("name: n\nentry_points: {train: {command: x}, test: {command: x}}\n");
        Assert.Contains("it has 'train', 'test'", Assert.Throws<ProjectException>(() => project.EntryPoint("main")).Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'train'?", Assert.Throws<ProjectException>(() => project.EntryPoint("trian")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_project_names_the_projects_below_it()
    {
        using var folder = new TemporaryFolder();
        folder.Write("src/a/MLproject", "");
        folder.Write("src/b/MLproject", "");
        var e = Assert.Throws<ProjectException>(() => ProjectFile.Open(folder.Path));
        Assert.Contains("src/a, src/b", e.Message, StringComparison.Ordinal);
        Assert.Contains("There is no folder", Assert.Throws<ProjectException>(() => ProjectFile.Open(folder.Combine("x"))).Message, StringComparison.Ordinal);
    }
}
