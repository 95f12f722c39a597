using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Cairn.Cli.Output;

/// <summary>
/// Standard output carries results, standard error everything that is said about the work. Colours appear on a terminal
/// only, not with NO_COLOR, and where CAIRN_COLOR=always says that someone shows our output on one.
/// </summary>
internal sealed class Terminal
{
    private readonly Stream _outStream = DescriptorStream.Open(1);
    private readonly Stream _errorStream = DescriptorStream.Open(2);
    private readonly TextWriter _out;
    private readonly TextWriter _error;

    public Terminal()
    {
        _out = Writer(_outStream);
        _error = Writer(_errorStream);
        OutIsTerminal = !Console.IsOutputRedirected;
        ErrorIsTerminal = !Console.IsErrorRedirected;
        Ink = new Ink(HasColour(OutIsTerminal));
        ErrorInk = new Ink(HasColour(ErrorIsTerminal));
    }

    public bool OutIsTerminal { get; }

    public bool ErrorIsTerminal { get; }

    /// <summary>Colours of standard output.</summary>
    public Ink Ink { get; }

    /// <summary>Colours of standard error.</summary>
    public Ink ErrorInk { get; }

    /// <summary>Bytes to standard output, for what child processes print.</summary>
    public Stream OutStream => _outStream;

    /// <summary>Bytes to standard error.</summary>
    public Stream ErrorStream => _errorStream;

    /// <summary>Cells of a line of standard output; null where it is no terminal.</summary>
    public int? Width => OutIsTerminal ? WindowWidth.Of(1) : null;

    /// <summary>Cells of a line of standard error; null where it is no terminal.</summary>
    public int? ErrorWidth => ErrorIsTerminal ? WindowWidth.Of(2) : null;

    public void Write(string text) => _out.Write(text);

    public void WriteLine(string text = "") => _out.Write(text + "\n");

    /// <summary>A line on standard error.</summary>
    public void Say(string text = "") => SayPart(text + "\n");

    /// <summary>
    /// Text on standard error without a line end. Never throws: where the reader went away, or the file it goes to lies on a
    /// full disk, the work itself goes on.
    /// </summary>
    public void SayPart(string text)
    {
        try
        {
            _error.Write(text);
        }
        catch (IOException)
        {
        }
    }

    public void WriteTable(Table table) => Write(table.Render(Ink, Width));

    public void WriteJson<T>(T value, JsonTypeInfo<T> type)
    {
        using (var writer = new Utf8JsonWriter(_outStream, new JsonWriterOptions { Indented = OutIsTerminal }))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        _outStream.Write("\n"u8);
        _outStream.Flush();
    }

    private static bool HasColour(bool isTerminal) => Environment.GetEnvironmentVariable("CAIRN_COLOR") switch
    {
        "always" => true,
        "never" => false,
        _ => isTerminal
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not "dumb",
    };

    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(false)) { AutoFlush = true };
}
