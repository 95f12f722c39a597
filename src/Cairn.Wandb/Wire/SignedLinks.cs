using Cairn.Core.Security;

namespace Cairn.Wandb.Wire;

/// <summary>Addresses that carry their own authority, since clients send no key with them: <c>/wandb/signed/{verb}/{until}/{mark}/{rest}</c>.</summary>
internal sealed class SignedLinks(Seal seal, TimeProvider clock)
{
    /// <summary>What every such address begins with.</summary>
    public const string Prefix = "/wandb/signed/";

    private readonly SignedAddresses addresses = new(seal, clock, Prefix, "link");

    /// <inheritdoc cref="SignedAddresses.Make"/>
    public string Make(string baseUrl, string verb, string rest) => addresses.Make(baseUrl, verb, rest);

    /// <inheritdoc cref="SignedAddresses.Check"/>
    public void Check(string verb, string until, string mark, string rest) => addresses.Check(verb, until, mark, rest);

    /// <inheritdoc cref="SignedAddresses.Escape"/>
    public static string Escape(string path) => SignedAddresses.Escape(path);
}
