namespace Cairn.Mlflow.Graph;

/// <summary>A document that cannot be answered; the message goes to the client.</summary>
internal sealed class GraphFault(string message) : Exception(message);
