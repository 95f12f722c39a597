using CsCheck;

namespace Cairn.Projects.Tests;

/// <summary>Values and names of parameters reach the program as they are, whatever they hold, proven by real shells.</summary>
public sealed class QuotingTests
{
    private const string Args = "printf '%s\\0'";

    /// <summary>Texts that shells, formats and option parsers trip over, beside plain random ones.</summary>
    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.OneOf("", " ", "'", "\"", "\\", "`", "$", "$(touch canary)", "`touch canary`", "; touch canary;", "' ; touch canary; '",
            "\" ; touch canary ; \"", "${IFS}", "$HOME", "a\nb", "\n", "#", "# x", "~", "*", "?", "[a]", "{a,b}", "!!", "-n", "--flag", "%s", "\\'",
            "a'b\"c`d$e\\f", "été", "日本", "🙂", "\t", "\r\n", "&", "|", "<", ">", "(", ")", "=", "a=b c=d", "\\", "\\\\", "\u0001", "\u007f"),
        Gen.Char["'\"\\`$;&|<>(){}[]*?!#~%=-_ \t\nabc019é"].Array[0, 12].Select(chars => new string(chars)),
        Gen.String[Gen.Char['\u0001', '\ud7ff'], 0, 20]);

    /// <summary>Templates where any value is possible, with the words that must come out for p and q.</summary>
    public static readonly TheoryData<string> ExactTemplates =
    [
        "{p} {q}",
        "--p={p} --q={q}",
        "\"{p}\" '{q}'",
        "'{p}' \"{q}\"",
        "x\"a{p}b\"'c{q}d'y",
        "{p}{q}",
        "\"{p}{q}\"",
        "'{p}{q}'",
        "\"$HOME{p}\" ${{HOME}}{q}",
        "\"'{p}'\" '\"{q}\"'",
        "\\\"{p}\\\" \\'{q}\\'",
        "\\\n  {p} \\\n  {q}",
        "$(printf %s x) {p} \"$(printf %s y)\" {q}",
        "a#{p} '#' {q}",
        "'{{' {p} \"}}\" {q}",
        "<&0 {p} 2>&1 {q}",
    ];

    [Theory]
    [MemberData(nameof(ExactTemplates))]
    public void A_value_arrives_verbatim_in_quotes_of_any_kind(string template)
    {
        using var folder = new TemporaryFolder();
        Gen.Select(Value, Value).Sample(
            (p, q) =>
            {
                foreach (var shell in Shell.All)
                {
                    var answer = Run(shell, folder, template, ["p", "q"], $"p={p}", $"q={q}");
                    var arguments = Shell.Arguments(answer);

                    // The template itself, with harmless marks for the values, says what is to come out.
                    var marks = Shell.Arguments(Run(shell, folder, template, ["p", "q"], "p=PPPP", "q=QQQQ"));
                    Assert.Equal(marks.Select(word => Exchange(word, p, q)), arguments);
                }
            },
            iter: 40);
        Assert.False(File.Exists(folder.Combine("canary")));
    }

    [Fact]
    public void Undeclared_names_and_values_are_appended_as_plain_text()
    {
        using var folder = new TemporaryFolder();
        Gen.Select(Value, Value).Where((name, _) => name.Length > 0 && !name.Contains('=', StringComparison.Ordinal)).Sample(
            (name, value) =>
            {
                foreach (var shell in Shell.All)
                {
                    var answer = Run(shell, folder, " first", [], $"{name}={value}");
                    Assert.Equal(["first", "--" + name, value], Shell.Arguments(answer));
                }
            },
            iter: 150);
        Assert.False(File.Exists(folder.Combine("canary")));
    }

    [Fact]
    public void A_value_inside_a_substitution_is_data_of_the_inner_command_and_split_as_its_output()
    {
        using var folder = new TemporaryFolder();
        foreach (var shell in Shell.All)
        {
            var answer = Run(shell, folder, "$(echo {options}) end", ["options"], "options=main.steps=a,b model.x=1");
            Assert.Equal(["main.steps=a,b", "model.x=1", "end"], Shell.Arguments(answer));

            answer = Run(shell, folder, "$(echo {options}) end", ["options"], "options=$(touch canary) `touch canary` ;touch canary");
            Assert.Equal(["$(touch", "canary)", "`touch", "canary`", ";touch", "canary", "end"], Shell.Arguments(answer));

            answer = Run(shell, folder, "\"$(printf %s \"{options}\")\"", ["options"], "options=$(touch canary)'\"  x");
            Assert.Equal(["$(touch canary)'\"  x"], Shell.Arguments(answer));
        }

        Assert.False(File.Exists(folder.Combine("canary")));
    }

    [Theory]
    [InlineData("sh -c 'echo {p}'", "sh")]
    [InlineData("bash -ec \"echo {p}\"", "bash")]
    [InlineData("env X=1 /bin/bash -l -c 'echo {p}'", "bash")]
    [InlineData("$SHELL -c \"{p}\"", "$SHELL")]
    [InlineData("cd x && sh -c {p}", "sh")]
    [InlineData("eval echo {p}", "eval")]
    [InlineData("eval$x {p}", "eval")]
    [InlineData("${{x}}eval {p}", "eval")]
    [InlineData("sh $x -c {p}", "sh")]
    [InlineData("sh -c $x {p}", "sh")]
    [InlineData("sed ${{x}} {p}", "sed")]
    [InlineData("${{SHELL}} -c {p}", "${SHELL}")]
    [InlineData("eval \"echo $(echo {p})\"", "eval")]
    [InlineData("ssh host run {p}", "ssh")]
    [InlineData("ssh host 2>&1 run {p}", "ssh")]
    [InlineData("su me -c 'run {p}'", "su")]
    [InlineData("python -c \"print('{p}')\"", "python")]
    [InlineData("python3.11 -u -c 'print({p})'", "python3.11")]
    [InlineData("Rscript -e 'f(\"{p}\")'", "Rscript")]
    [InlineData("sed -i 's/x/{p}/' file", "sed")]
    [InlineData("sed -e s/a/b/ -e 's/x/{p}/'", "sed")]
    [InlineData("awk -F , '/{p}/'", "awk")]
    [InlineData("make train N={p}", "make")]
    [InlineData("find . -exec sh -c 'echo {p}' \\;", "sh")]
    [InlineData("echo `echo {p}`", "`…`")]
    [InlineData("echo `echo '{p}'`", "`…`")]
    [InlineData("echo $(( 1 + {p} ))", "arithmetic")]
    [InlineData("if (( {p} > 1 )); then echo; fi", "arithmetic")]
    [InlineData("echo ${{X:-{p}}}", "${…}")]
    [InlineData("[[ {p} -eq 1 ]] && echo", "[[ … ]]")]
    [InlineData("cat <<EOF\n{p}\nEOF", "here-document")]
    [InlineData("echo $(case x in x) echo {p};; esac)", "'case' inside $(…)")]
    [InlineData("a[{p}]=1", "array index")]
    [InlineData("echo \\{p}", "backslash")]
    [InlineData("echo \"\\{p}\"", "backslash")]
    [InlineData("echo $'{p}'", "$'…'")]
    public void Where_the_text_would_be_read_as_code_a_dangerous_value_is_refused(string command, string reader)
    {
        var e = Assert.Throws<ProjectException>(() => Commands.Line(command, ["p"], "p=a';touch canary;'"));
        Assert.Contains(reader, e.Message, StringComparison.Ordinal);
        Assert.Contains("'p'", e.Message, StringComparison.Ordinal);
        Assert.Contains("12", Commands.Line(command, ["p"], "p=12"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("python train.py -c {p}")]
    [InlineData("python -m train -c '{p}'")]
    [InlineData("bash run.sh -c {p}")]
    [InlineData("bash -c 'echo \"$1\"' sh {p}")]
    [InlineData("Rscript model.R -e \"{p}\"")]
    [InlineData("awk -v x={p} '{{print x}}' file")]
    [InlineData("sed s/a/b/ {p}")]
    [InlineData("sed -e s/a/b/ {p}")]
    [InlineData("sed -f script {p}")]
    [InlineData("$PYTHON train.py -c {p}")]
    [InlineData("python $FLAGS train.py {p}")]
    [InlineData("echo sh; tool -c {p}")]
    public void Programs_that_only_look_like_interpreters_take_every_value(string command) =>
        Assert.Contains("$(x)", Commands.Line(command, ["p"], "p=$(x)"), StringComparison.Ordinal);

    [Fact]
    public void A_value_in_a_comment_is_left_out() =>
        Assert.Equal("run # uses {p}", Commands.Line("run # uses {p}", ["p"], "p=x\ntouch canary"));

    /// <summary>
    /// Shell syntax thrown together at random, mostly nonsense: whatever the scanner makes of it, a value that is all
    /// trigger must never be run. What it refuses, or the shell does, is fine.
    /// </summary>
    [Fact]
    public void Random_templates_never_run_a_value()
    {
        string[] pieces =
        [
            "{p}", "{p}", "{p}", "'", "\"", "`", "\\", "$(", ")", "(", "${{", "}}", "$((", "))", " ", " ", " ", "\n", ";", "&&", "|", "#",
            "echo", "echo", ":", "x", "$x", "=", "case x in", "esac", "<<E", "\nE\n", "[[", "]]", "<(", "eval", "sh -c", "$'", "a[", "]", "{{", "-c", "for i in", "; do", "; done", "!", "((", "$[",
        ];
        string[] triggers =
        [
            "$(: >canary)", "`: >canary`", "';: >canary;'", "\";: >canary;\"", "\n: >canary\n", "';: >canary;\"", "x[$(: >canary)]", "\\';: >canary #", "$(: >canary)'\"`", ");: >canary;(", "}};: >canary", "};: >canary;", "\nE\n: >canary\n",
        ];
        using var folder = new TemporaryFolder();
        var ran = 0;
        Gen.Select(Gen.Int[0, pieces.Length - 1].Array[1, 14], Gen.Int[0, triggers.Length - 1]).Sample(
            (indexes, trigger) =>
            {
                var template = string.Concat(indexes.Select(i => pieces[i]));
                string line;
                try
                {
                    line = Commands.Line(template, ["p"], $"p={triggers[trigger]}");
                }
                catch (ProjectException)
                {
                    return;
                }

                foreach (var shell in Shell.All)
                {
                    Shell.Run(shell, line, folder.Path);
                    Interlocked.Increment(ref ran);
                    var canary = folder.Combine("canary");
                    var sang = File.Exists(canary);
                    File.Delete(canary);
                    Assert.False(sang, $"{shell} ran the value {triggers[trigger]} in: {template}\nas: {line}");
                }
            },
            iter: Environment.GetEnvironmentVariable("CAIRN_LONG_TESTS") is null ? 3000 : 60_000,
            threads: 1);
        Assert.True(ran > 100, $"only {ran} templates were possible");
    }

    private static Shell.Answer Run(string shell, TemporaryFolder folder, string template, string[] declared, params string[] given)
    {
        var answer = Shell.Run(shell, Commands.Line(Args + " " + template.TrimStart(' '), declared, given), folder.Path);
        Assert.True(answer.ExitCode == 0, answer.Error);
        return answer;
    }

    private static string Exchange(string word, string p, string q) =>
        string.Concat(System.Text.RegularExpressions.Regex.Split(word, "(PPPP|QQQQ)")
            .Select(part => part == "PPPP" ? p : part == "QQQQ" ? q : part));
}
