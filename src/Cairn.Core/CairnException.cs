namespace Cairn.Core;

/// <summary>The closed set of ways in which a request can be refused. Each door has one table from these to its dialect.</summary>
public enum ErrorCode
{
    NotFound,
    AlreadyExists,
    InvalidArgument,
    Conflict,
    FailedPrecondition,
    Unauthenticated,
    Forbidden,
    TooLarge,
    TooManyAttempts,
    Unavailable,
    StorageFull,
    Internal,
}

/// <summary>A refusal. The message names the thing and the remedy and may be shown to anyone who sent the request.</summary>
public class CairnException : Exception
{
    public CairnException(ErrorCode code, string message, string? field = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Field = field;
    }

    public ErrorCode Code { get; }

    /// <summary>The request field at fault, such as <c>points[3].value</c>; null where no single field is.</summary>
    public string? Field { get; }

    public static CairnException NotFound(string message) => new(ErrorCode.NotFound, message);

    public static CairnException Invalid(string field, string message) => new(ErrorCode.InvalidArgument, message, field);
}
