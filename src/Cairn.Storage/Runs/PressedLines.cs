using System.Buffers;
using System.IO.Compression;
using Cairn.Core.Runs;

namespace Cairn.Storage.Runs;

/// <summary>A block of lines, compressed.</summary>
internal sealed record PressedLines(LineBlock Block, byte[] Data)
{
    public static PressedLines Of(LineBlock block)
    {
        // Deflate at its fastest keeps up with far more than clients send, and lines of JSON shrink to a fifth.
        var output = new MemoryStream(block.Utf8.Length / 4);
        using (var press = new DeflateStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            press.Write(block.Utf8.Span);
        }

        return new PressedLines(block, output.ToArray());
    }

    /// <summary>The lines of a part, each ended by a line feed.</summary>
    public static ReadOnlyMemory<byte> Read(byte[] data, StoredBlock part)
    {
        var text = new ArrayBufferWriter<byte>();
        Visit(data, part, (_, line) =>
        {
            text.Write(line);
            text.Write("\n"u8);
            return true;
        });
        return text.WrittenMemory;
    }

    /// <summary>Shows the lines of a part; false where the visitor had enough.</summary>
    public static bool Visit(byte[] data, StoredBlock part, LineVisitor visit)
    {
        var text = new ArrayBufferWriter<byte>(data.Length * 6);
        using (var unpress = new DeflateStream(new MemoryStream(data, writable: false), CompressionMode.Decompress))
        {
            int read;
            while ((read = unpress.Read(text.GetSpan(64 * 1024))) > 0)
            {
                text.Advance(read);
            }
        }

        var rest = text.WrittenSpan;
        for (var i = 0; i < part.Skip + part.Count && rest.Length > 0; i++)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (i >= part.Skip && !visit(part.First + (i - part.Skip), line))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Some lines of a stored block.</summary>
/// <param name="Id">The block's row; the greater, the later written.</param>
/// <param name="First">Number of the first line wanted.</param>
/// <param name="Count">How many are wanted.</param>
/// <param name="Skip">Lines of the block before them.</param>
internal readonly record struct StoredBlock(long Id, long First, int Count, int Skip = 0)
{
    private long End => First + Count;

    /// <summary>The parts that hold, in the order of their numbers, from blocks ordered by their first line.</summary>
    public static List<StoredBlock> WithoutOverlaps(List<StoredBlock> blocks, long from)
    {
        var parts = new List<StoredBlock>(blocks.Count);
        foreach (var block in blocks)
        {
            Add(parts, block.From(from));
        }

        return parts;
    }

    private static void Add(List<StoredBlock> parts, StoredBlock block)
    {
        // Parts before this one begin no later. Usually the last of them ends where this one begins.
        var at = parts.Count;
        while (at > 0 && parts[at - 1].End > block.First)
        {
            at--;
        }

        var overlapped = parts.GetRange(at, parts.Count - at);
        parts.RemoveRange(at, parts.Count - at);
        foreach (var other in overlapped)
        {
            if (other.Id > block.Id)
            {
                // The other one is newer: of this one remains what lies beside it.
                parts.AddIfAny(block.Until(other.First));
                parts.Add(other);
                block = block.From(other.End);
            }
            else
            {
                parts.AddIfAny(other.Until(block.First));
                var after = other.From(block.End);
                if (after.Count > 0)
                {
                    parts.AddIfAny(block);
                    block = after;
                }
            }
        }

        parts.AddIfAny(block);
    }

    private StoredBlock From(long line)
    {
        var cut = (int)Math.Clamp(line - First, 0, Count);
        return this with { First = First + cut, Count = Count - cut, Skip = Skip + cut };
    }

    private StoredBlock Until(long line) => this with { Count = (int)Math.Clamp(line - First, 0, Count) };
}

/// <summary>Lists of parts hold no empty ones.</summary>
internal static class StoredBlocks
{
    public static void AddIfAny(this List<StoredBlock> parts, StoredBlock part)
    {
        if (part.Count > 0)
        {
            parts.Add(part);
        }
    }
}
