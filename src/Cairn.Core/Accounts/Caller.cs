using Cairn.Core.Runs;

namespace Cairn.Core.Accounts;

/// <summary>
/// Who asks. The request pipeline says it once for each request; whatever runs outside of one (timers, the journal's
/// writer, the start) is the operator, as is everybody on a server that has no users.
/// </summary>
/// <param name="UserId">The user; null for the operator.</param>
/// <param name="Name">The user's name; <see cref="OperatorName"/> for the operator.</param>
/// <param name="IsAdmin">May do everything. The operator may.</param>
/// <param name="LaunchedBy">The run whose launch token was sent: what the caller creates is a child of it. Null without one.</param>
/// <param name="Proof">What was sent to show it.</param>
public sealed record Caller(UserId? UserId, string Name, bool IsAdmin, RunId? LaunchedBy = null, CallerProof Proof = CallerProof.None)
{
    /// <summary>No user can have this name.</summary>
    public const string OperatorName = "operator";

    private static readonly AsyncLocal<Caller?> Ambient = new();

    /// <summary>Whoever has the server's own key, or sits at a server without users.</summary>
    public static Caller Operator { get; } = new(null, OperatorName, IsAdmin: true);

    /// <summary>Who asks in this flow of control. Set by the request pipeline only, within an asynchronous method of its own.</summary>
    public static Caller Current
    {
        get => Ambient.Value ?? Operator;
        set => Ambient.Value = ReferenceEquals(value, Operator) ? null : value;
    }

    public bool IsOperator => UserId is null;

    public static Caller Of(User user, RunId? launchedBy = null, CallerProof proof = CallerProof.None) =>
        new(user.Id, user.Name, user.IsAdmin, launchedBy, proof);

    /// <summary>Whom to record: the user where there is one, else who the request says it is from.</summary>
    public string? Sign(string? claimed) => UserId is null ? claimed : Name;
}
