namespace SeattleWeather.Forest;

/// <summary>What a model is and expects; lies beside it as model.json.</summary>
/// <param name="Kind">How it was made.</param>
/// <param name="Features">The features it needs, in order.</param>
/// <param name="Target">What it tells the probability of.</param>
/// <param name="Settings">Hyper-parameters.</param>
/// <param name="TrainedRows">Days it learnt from.</param>
/// <param name="TrainedFrom">First of them.</param>
/// <param name="TrainedTo">Last of them.</param>
public sealed record ModelCard(
    string Kind,
    IReadOnlyList<string> Features,
    string Target,
    ForestSettings Settings,
    int TrainedRows,
    DateOnly TrainedFrom,
    DateOnly TrainedTo);

/// <summary>Hyper-parameters of a random forest.</summary>
/// <param name="Trees">How many trees vote.</param>
/// <param name="Leaves">Most leaves of a tree.</param>
/// <param name="MinLeaf">Fewest days in a leaf.</param>
/// <param name="FeatureFraction">Share of the features each split may choose from.</param>
/// <param name="Seed">Equal seeds on equal data make equal forests.</param>
public sealed record ForestSettings(int Trees, int Leaves, int MinLeaf, double FeatureFraction, int Seed);
