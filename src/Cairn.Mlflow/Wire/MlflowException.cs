using Cairn.Core;

namespace Cairn.Mlflow.Wire;

/// <summary>A refusal for which MLflow has a code of its own, or needs another status than its code's.</summary>
internal sealed class MlflowException(string code, int status, string message) : CairnException(ErrorCode.FailedPrecondition, message)
{
    public string MlflowCode { get; } = code;

    public int Status { get; } = status;

    /// <summary>
    /// A thing is in the wrong state. MLflow answers 500, which makes its clients repeat the call for minutes before they
    /// show the message; the code is kept, the status says that repeating is of no use.
    /// </summary>
    public static MlflowException InvalidState(string message) => new("INVALID_STATE", 400, message);

    public static MlflowException NotImplemented(string message) => new("NOT_IMPLEMENTED", 501, message);
}
