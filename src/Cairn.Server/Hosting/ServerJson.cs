using System.Text.Json.Serialization;

namespace Cairn.Server.Hosting;

/// <summary>Generated JSON for the few things that are the server's own.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class ServerJson : JsonSerializerContext;
