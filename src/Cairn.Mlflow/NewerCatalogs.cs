using Cairn.Core.Datasets;
using Cairn.Core.EvaluationSets;
using Cairn.Core.LoggedModels;
using Cairn.Core.Scorers;
using Cairn.Core.Traces;

namespace Cairn.Mlflow;

/// <summary>The parts of the house that only MLflow's newer calls ask for.</summary>
internal sealed record NewerCatalogs(LoggedModelCatalog LoggedModels, IDatasetStore Datasets, TraceCatalog Traces, IEvaluationSetStore EvaluationSets, IScorerStore Scorers);
