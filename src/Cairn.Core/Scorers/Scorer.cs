using Cairn.Core.Experiments;

namespace Cairn.Core.Scorers;

/// <summary>One version of a rule by which an experiment's answers are judged, as its client wrote it down; the server never runs it.</summary>
/// <param name="Id">The scorer's identity, the same for all its versions.</param>
/// <param name="ExperimentId">Its experiment.</param>
/// <param name="Name">Unique in its experiment.</param>
/// <param name="Version">From 1.</param>
/// <param name="Body">The client's text.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
public sealed record Scorer(string Id, ExperimentId ExperimentId, string Name, int Version, string Body, long CreatedAt);
