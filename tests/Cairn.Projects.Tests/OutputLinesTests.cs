using System.Text;
using Cairn.Client.Wire;
using Cairn.Projects.Processes;
using CsCheck;

namespace Cairn.Projects.Tests;

public sealed class OutputLinesTests
{
    private readonly SortedDictionary<long, string> _log = [];
    private long _count = -1;

    private OutputLines Lines(string stream = "stdout") =>
        new(stream, () => ++_count, line => _log[line.Line] = line.Text, TimeProvider.System);

    private string[] Of(params string[] chunks)
    {
        var lines = Lines();
        foreach (var chunk in chunks)
        {
            lines.Add(Encoding.UTF8.GetBytes(chunk));
        }

        lines.Complete();
        return [.. _log.Values];
    }

    [Theory]
    [InlineData("a\nb\n", "a", "b")]
    [InlineData("a\r\nb", "a", "b")]
    [InlineData("\n\n", "", "")]
    [InlineData("", new string[0])]
    [InlineData("1%\r50%\r100%\ndone\n", "100%", "done")]
    [InlineData("1%\r50%\r", "50%")]
    [InlineData("a\r\r\nb\n", "a", "b")]
    [InlineData("tab\there \u001b[31mred\u001b[0m\n", "tab\there \u001b[31mred\u001b[0m")]
    [InlineData("bell\a nul\0\n", "bell\ufffd nul\ufffd")]
    [InlineData("abc\b\bX\n", "aX")]
    public void Output_becomes_the_lines_a_person_sees(string output, params string[] expected) => Assert.Equal(expected, Of(output));

    [Fact]
    public void Bytes_that_are_no_text_are_tolerated()
    {
        var lines = Lines();
        lines.Add([0xff, 0xfe, 0x00, (byte)'a', 0xc3, (byte)'\n', 0x80]);
        lines.Complete();
        Assert.Equal(["\ufffd\ufffd\ufffda\ufffd", "\ufffd"], _log.Values);
    }

    [Fact]
    public void Random_bytes_in_random_pieces_are_the_same_lines_as_in_one_piece() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[1, 7]).Sample((bytes, size) =>
        {
            string[] Read(IEnumerable<byte[]> pieces)
            {
                _log.Clear();
                _count = -1;
                var lines = Lines();
                foreach (var piece in pieces)
                {
                    lines.Add(piece);
                    lines.EmitUnfinished();
                }

                lines.Complete();
                return [.. _log.Values];
            }

            Assert.Equal(Read([bytes]), Read(bytes.Chunk(size)));
        }, threads: 1);

    [Fact]
    public void A_huge_line_is_cut_with_a_note_and_the_next_one_is_whole()
    {
        var lines = Of(new string('x', OutputLines.MaxLength), new string('y', 1_000_000), "\nnext\n");
        Assert.Equal(2, lines.Length);
        Assert.Equal(new string('x', OutputLines.MaxLength) + " … [1,000,000 more characters cut]", lines[0]);
        Assert.Equal("next", lines[1]);
    }

    [Fact]
    public void A_cut_does_not_split_a_character()
    {
        var text = Of("x" + string.Concat(Enumerable.Repeat("🙂", OutputLines.MaxLength)))[0];
        Assert.DoesNotContain('\ufffd', text);
        Assert.Equal(text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void An_unfinished_line_is_shown_and_later_completed_under_its_number()
    {
        var emitted = new List<LogLine>();
        var output = new OutputLines("stdout", () => ++_count, emitted.Add, TimeProvider.System);
        var error = new OutputLines("stderr", () => ++_count, emitted.Add, TimeProvider.System);
        output.Add("epoch 1 "u8);
        output.EmitUnfinished();
        output.EmitUnfinished();
        error.Add("warning\n"u8);
        output.Add("done\n"u8);
        Assert.Equal(
            [(0, "epoch 1 ", "stdout"), (1, "warning", "stderr"), (0, "epoch 1 done", "stdout")],
            emitted.Select(line => (line.Line, line.Text, line.Stream)));
    }
}
