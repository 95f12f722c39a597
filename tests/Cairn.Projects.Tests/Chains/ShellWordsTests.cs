using Cairn.Projects.Chains;

namespace Cairn.Projects.Tests.Chains;

/// <summary>Lines of components, as a shell would split them.</summary>
public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("python run.py a", "python|run.py|a")]
    [InlineData("  a   b\n c ", "a|b|c")]
    [InlineData("a 'b c' \"d e\"f", "a|b c|d ef")]
    [InlineData("a ''", "a|")]
    [InlineData("a 'it'\\''s'", "a|it's")]
    [InlineData("source /x/conda.sh && conda activate e 1>&2 && python r.py", "source|/x/conda.sh|&|&|conda|activate|e|1|>|&|2|&|&|python|r.py")]
    [InlineData("a \\\n b", "a|b")]
    [InlineData("a \"x\\\"y\"", "a|x\"y")]
    [InlineData("a 'open", "a|'open")]
    [InlineData("", "")]
    public void A_line_is_split_as_a_shell_does(string line, string words) => Assert.Equal(words, string.Join('|', ShellWords.Split(line)));
}
