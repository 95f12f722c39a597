using System.Text.Json.Serialization;

namespace Cairn.Core.Sweeps;

/// <summary>What sweeps write as JSON.</summary>
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(string))]
internal sealed partial class SweepJson : JsonSerializerContext;
