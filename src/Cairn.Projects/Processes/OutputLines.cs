using System.Globalization;
using System.Text;
using Cairn.Client.Wire;

namespace Cairn.Projects.Processes;

/// <summary>
/// Bytes of one output as numbered log lines. A carriage return begins the line anew (progress bars), a line that is too
/// long is cut with a note, what is not UTF-8 or not printable becomes U+FFFD. Colours (escape sequences) stay.
/// Both outputs of a process share the counter, so that lines are numbered in the order in which they began.
/// </summary>
internal sealed class OutputLines(string stream, Func<long> nextNumber, Action<LogLine> emit, TimeProvider time)
{
    public const int MaxLength = 16 * 1024;

    private readonly Decoder _decoder = new UTF8Encoding(false).GetDecoder();
    private readonly StringBuilder _text = new();
    private readonly char[] _characters = new char[4096];
    private readonly Lock _gate = new();
    private long _number = -1;
    private long _began;
    private long _cut;
    private bool _returned;
    private bool _changed;

    /// <summary>Takes what was read, in order.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => Decode(bytes, flush: false);

    /// <summary>The output has ended: what is left is its last line.</summary>
    public void Complete()
    {
        Decode([], flush: true);
        lock (_gate)
        {
            EndLine();
        }
    }

    /// <summary>Emits the unfinished line as it stands, if it changed since; it is emitted again, under its number, when it is finished.</summary>
    public void EmitUnfinished()
    {
        lock (_gate)
        {
            if (_changed && _number >= 0)
            {
                Emit();
            }
        }
    }

    private void Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        lock (_gate)
        {
            bool completed;
            do
            {
                _decoder.Convert(bytes, _characters, flush, out var used, out var count, out completed);
                foreach (var c in _characters.AsSpan(0, count))
                {
                    Take(c);
                }

                bytes = bytes[used..];
            }
            while (!completed);
        }
    }

    private void Take(char c)
    {
        if (c == '\n')
        {
            BeginLine();
            EndLine();
            return;
        }

        if (c == '\r')
        {
            _returned = true;
            return;
        }

        BeginLine();
        _changed = true;
        if (_returned)
        {
            _text.Clear();
            (_returned, _cut) = (false, 0);
        }

        if (_text.Length >= MaxLength)
        {
            _cut++;
            return;
        }

        if (c == '\b')
        {
            _text.Length = Math.Max(0, _text.Length - 1);
            return;
        }

        _text.Append(char.IsControl(c) && c is not ('\t' or '\u001b') ? '\ufffd' : c);
    }

    private void BeginLine()
    {
        if (_number < 0)
        {
            _number = nextNumber();
            _began = time.GetUtcNow().ToUnixTimeMilliseconds();
        }
    }

    private void EndLine()
    {
        if (_number < 0)
        {
            return;
        }

        Emit();
        _text.Clear();
        (_number, _cut, _returned) = (-1, 0, false);
    }

    private void Emit()
    {
        // A cut must not leave half of a character that takes two.
        var length = _text.Length > 0 && char.IsHighSurrogate(_text[^1]) ? _text.Length - 1 : _text.Length;
        var text = _text.ToString(0, length);
        emit(new LogLine(_number, _cut == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text} … [{_cut:N0} more characters cut]"), stream, _began));
        _changed = false;
    }
}
