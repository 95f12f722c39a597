using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cairn.Client.Wire;

namespace Cairn.Client.Tests.Fakes;

/// <summary>What the fake server answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Open">Opens the body.</param>
internal sealed record FakeAnswer(int Status, Func<Stream> Open)
{
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>After how many bytes of the body the connection is cut; 0 means before any answer, null never.</summary>
    public long? CutAfter { get; init; }

    public static FakeAnswer NoContent { get; } = new(204, () => new MemoryStream());

    /// <summary>The connection breaks and no answer comes.</summary>
    public static FakeAnswer Cut { get; } = new(200, () => new MemoryStream()) { CutAfter = 0 };

    public static FakeAnswer Text(int status, string text) => new(status, () => new MemoryStream(Encoding.UTF8.GetBytes(text)));

    public static FakeAnswer Json<T>(T value, JsonTypeInfo<T> type) =>
        new(200, () => new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(value, type)));

    public static FakeAnswer Error(int status, string code, string message, string? field = null)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new ErrorResponse(new ErrorInfo(code, message, field)), CairnJson.Default.ErrorResponse);
        return new FakeAnswer(status, () => new MemoryStream(body));
    }
}
