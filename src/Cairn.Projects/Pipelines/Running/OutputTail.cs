using System.Text;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>The last lines a command printed, for the message of its failure.</summary>
internal sealed class OutputTail(int lines)
{
    private const int MostKept = 16 * 1024;
    private readonly List<byte> _bytes = [];
    private readonly Lock _gate = new();

    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _bytes.AddRange(bytes);
            if (_bytes.Count > 2 * MostKept)
            {
                _bytes.RemoveRange(0, _bytes.Count - MostKept);
            }
        }
    }

    /// <summary>Each on a line of its own, after a line end; empty where nothing was printed.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            var text = Encoding.UTF8.GetString([.. _bytes]);
            return string.Concat(text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0).TakeLast(lines).Select(line => $"\n{line}"));
        }
    }
}
