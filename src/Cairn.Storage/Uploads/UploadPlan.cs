using System.Buffers;
using System.Text.Json;
using Cairn.Core.Accounts;
using Cairn.Core.Uploads;

namespace Cairn.Storage.Uploads;

/// <summary>What an upload is, as it lies beside its parts.</summary>
internal static class UploadPlan
{
    public static ReadOnlyMemory<byte> Write(PartedUpload upload)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes);
        writer.WriteStartObject();
        writer.WriteString("target"u8, upload.Target);
        writer.WriteNumber("parts"u8, upload.Parts);
        writer.WriteStartArray("md5"u8);
        foreach (var md5 in upload.Md5s)
        {
            writer.WriteStringValue(md5);
        }

        writer.WriteEndArray();
        if (upload.Owner is { } owner)
        {
            writer.WriteNumber("owner"u8, owner.Value);
        }

        writer.WriteEndObject();
        writer.Flush();
        return bytes.WrittenMemory;
    }

    public static PartedUpload Read(string id, ReadOnlyMemory<byte> json, bool isFinished)
    {
        using var document = JsonDocument.Parse(json);
        var plan = document.RootElement;
        return new PartedUpload(
            id,
            plan.GetProperty("target"u8).GetString()!,
            plan.GetProperty("parts"u8).GetInt32(),
            [.. plan.GetProperty("md5"u8).EnumerateArray().Select(md5 => md5.GetString()!)],
            isFinished)
        {
            Owner = plan.TryGetProperty("owner"u8, out var owner) ? new UserId(owner.GetInt64()) : null,
        };
    }
}
