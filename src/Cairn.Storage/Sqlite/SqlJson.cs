using System.Text.Json.Serialization;

namespace Cairn.Storage.Sqlite;

/// <summary>Lists as JSON, which a statement takes as one argument and unfolds with <c>json_each</c>.</summary>
[JsonSerializable(typeof(List<long>))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class SqlJson : JsonSerializerContext;
