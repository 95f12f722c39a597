namespace Cairn.Core.Accounts;

/// <summary>What a caller showed. What changes a password asks for more than a key, which programs hold and logs may leak.</summary>
public enum CallerProof
{
    None,
    Key,
    Password,
    Session,
}
