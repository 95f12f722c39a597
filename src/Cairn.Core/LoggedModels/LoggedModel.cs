using Cairn.Core.Experiments;
using Cairn.Core.Series;

namespace Cairn.Core.LoggedModels;

/// <summary>Whether the files of a model are all there.</summary>
public enum LoggedModelStatus
{
    Unspecified = 0,
    Pending = 1,
    Ready = 2,
    Failed = 3,
}

/// <summary>
/// A model that training made: an identity of its own, with params, tags and metrics, that outlives the question which
/// run made it. Its files lie under its id in its experiment's place.
/// </summary>
/// <param name="Id">"m-" and 32 hexadecimal digits.</param>
/// <param name="ExperimentId">Its experiment.</param>
/// <param name="Name">A name for people, not unique, never empty.</param>
/// <param name="ModelType">What kind of model, or null.</param>
/// <param name="SourceRunId">The run that made it as the client wrote it, or null; it need not exist.</param>
/// <param name="Status">Whether its files are there.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
/// <param name="Params">By key; they never change once set.</param>
/// <param name="Tags">By key.</param>
/// <param name="Metrics">All values measured for it, in the order of (name, time, step).</param>
public sealed record LoggedModel(
    string Id,
    ExperimentId ExperimentId,
    string Name,
    string? ModelType,
    string? SourceRunId,
    LoggedModelStatus Status,
    long CreatedAt,
    long UpdatedAt,
    IReadOnlyList<KeyValuePair<string, string>> Params,
    IReadOnlyList<KeyValuePair<string, string>> Tags,
    IReadOnlyList<ModelMetric> Metrics);

/// <summary>A value measured for a model, by a run, perhaps on a dataset.</summary>
/// <param name="RunId">The run that measured it.</param>
/// <param name="Metric">Name and value.</param>
/// <param name="DatasetName">Which data, or null.</param>
/// <param name="DatasetDigest">Which state of the data, or null.</param>
public sealed record ModelMetric(string RunId, SeriesPoint Metric, string? DatasetName, string? DatasetDigest);

/// <summary>A value of a run's update that is also one of a model.</summary>
public sealed record ModelPoint(string ModelId, SeriesPoint Metric, string? DatasetName, string? DatasetDigest);

/// <summary>What is needed to create a model.</summary>
public sealed record NewLoggedModel(
    ExperimentId ExperimentId,
    string? Name,
    string? ModelType,
    string? SourceRunId,
    IReadOnlyList<KeyValuePair<string, string>> Params,
    IReadOnlyList<KeyValuePair<string, string>> Tags);
