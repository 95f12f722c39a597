namespace Cairn.Wandb.GraphQl;

/// <summary>What is wrong with a document, or with a value in it. The message is shown to whoever sent it.</summary>
internal sealed class GraphQlException(string message) : Exception(message);
