using System.Globalization;

namespace Cairn.Core.Accounts;

/// <summary>Number of a user. Numbers are never given twice: what a removed user was allowed is nobody's afterwards.</summary>
public readonly record struct UserId(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
