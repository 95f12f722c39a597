using Cairn.Cli.Output;

namespace Cairn.Cli.Running;

/// <summary>
/// Passes on what a child prints, as it prints it. On a terminal every line gets a bar in front, so that it is seen what
/// comes from the child; elsewhere the bytes stay as they are.
/// </summary>
internal sealed class ConsoleRelay(Terminal terminal, bool allToError)
{
    private readonly Lock _gate = new();
    private readonly byte[] _bar = [.. System.Text.Encoding.UTF8.GetBytes(terminal.ErrorInk.Dim("│")), (byte)' '];
    private bool _atStart = true;
    private bool _returned;
    private bool _closed;

    public void Write(bool isError, ReadOnlySpan<byte> bytes)
    {
        var toError = isError || allToError;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            try
            {
                var stream = toError ? terminal.ErrorStream : terminal.OutStream;
                if (toError ? terminal.ErrorIsTerminal : terminal.OutIsTerminal)
                {
                    stream.Write(WithBars(bytes));
                }
                else
                {
                    stream.Write(bytes);
                }

                stream.Flush();
            }
            catch (IOException)
            {
                // Our reader went away; the run goes on and its log is complete on the server.
                _closed = true;
            }
        }
    }

    /// <summary>Lets a line of ours begin at the left edge.</summary>
    public void Interrupt(Action write)
    {
        lock (_gate)
        {
            if (!_atStart)
            {
                terminal.SayPart("\n");
                (_atStart, _returned) = (true, false);
            }

            write();
        }
    }

    private byte[] WithBars(ReadOnlySpan<byte> bytes)
    {
        var shown = new List<byte>(bytes.Length + 64);
        foreach (var b in bytes)
        {
            if ((_atStart || _returned) && b != '\r')
            {
                shown.AddRange(_bar);
                (_atStart, _returned) = (false, false);
            }

            shown.Add(b);
            _atStart |= b == '\n';
            _returned |= b == '\r';
        }

        return [.. shown];
    }
}
