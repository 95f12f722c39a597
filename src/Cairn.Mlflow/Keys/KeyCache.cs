using System.Buffers.Binary;
using System.Text;

namespace Cairn.Mlflow.Keys;

/// <summary>
/// Strings of metric names by their UTF-8 bytes, so that logging a point a million times makes its name once. One entry
/// for each slot of the hash: a newer name displaces an older one, so the memory is bounded and nobody waits.
/// Only names that keep MLflow's rules are in it, so finding one also spares checking it.
/// </summary>
internal sealed class KeyCache
{
    private const int Slots = 8192;
    private const int LongestCached = 256;

    private readonly Entry?[] entries = new Entry?[Slots];

    /// <summary>The name, or null where the bytes are no valid metric name.</summary>
    public string? Find(ReadOnlySpan<byte> utf8)
    {
        ref var slot = ref entries[Hash(utf8) & (Slots - 1)];
        var entry = Volatile.Read(ref slot);
        if (entry is not null && utf8.SequenceEqual(entry.Utf8))
        {
            return entry.Text;
        }

        if (utf8.Length > 4 * LongestCached || !TryDecode(utf8, out var text) || !KeyRules.IsMetric(text))
        {
            return null;
        }

        if (utf8.Length <= LongestCached)
        {
            Volatile.Write(ref slot, new Entry(utf8.ToArray(), text));
        }

        return text;
    }

    private static bool TryDecode(ReadOnlySpan<byte> utf8, out string text)
    {
        var isUtf8 = System.Text.Unicode.Utf8.IsValid(utf8);
        text = isUtf8 ? Encoding.UTF8.GetString(utf8) : "";
        return isUtf8;
    }

    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 0x9E3779B97F4A7C15UL ^ (ulong)bytes.Length;
        while (bytes.Length >= 8)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * 0xff51afd7ed558ccdUL;
            hash ^= hash >> 32;
            bytes = bytes[8..];
        }

        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 0x100000001b3UL;
        }

        return (uint)(hash >> 24) ^ (uint)hash;
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
