using System.Net;

namespace Cairn.Client;

/// <summary>A call did not do what was asked. The message names the thing at fault and the remedy.</summary>
public sealed class CairnClientException : Exception
{
    /// <summary>Makes an exception that says only a message.</summary>
    public CairnClientException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception that says only a message and what lies behind it.</summary>
    public CairnClientException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>Makes an exception with everything that is known.</summary>
    public CairnClientException(
        HttpStatusCode? status, string code, string message, string? field = null, Exception? inner = null)
        : base(message, inner)
    {
        Status = status;
        Code = code;
        Field = field;
    }

    /// <summary>The status the server answered with; null where it did not answer or was not asked.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>
    /// What kind of fault it is, never null: a code of the server (<see cref="Wire.ErrorInfo"/>: "not_found",
    /// "invalid_argument", "conflict" …) or one of the client: "unreachable" (no answer), "invalid_argument" (refused before
    /// it was sent), "corrupt" (content that does not have its digest), "internal".
    /// </summary>
    public string Code { get; } = "internal";

    /// <summary>
    /// What the fault is about where one thing can be named, else null. For a value that was logged: its kind and name,
    /// such as "metrics.loss" or "params.lr"; for a request: the field of the request.
    /// </summary>
    public string? Field { get; }

    /// <summary>
    /// Further refusals reported together with this one by <see cref="CairnRun.FlushAsync"/> or
    /// <see cref="CairnRun.FinishAsync"/>, oldest first; empty otherwise. The first sixteen are kept.
    /// </summary>
    public IReadOnlyList<CairnClientException> Others { get; internal init; } = [];

    internal static CairnClientException Invalid(string field, string message) =>
        new(null, "invalid_argument", message, field);
}
