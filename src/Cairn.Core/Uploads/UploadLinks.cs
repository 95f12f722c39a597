using System.Globalization;
using Cairn.Core.Security;

namespace Cairn.Core.Uploads;

/// <summary>Where parts are put: addresses that need no key, good for one part of one upload for a day. The same for every door.</summary>
public sealed class UploadLinks(Seal seal, TimeProvider clock)
{
    /// <summary>What every such address begins with.</summary>
    public const string Prefix = "/uploads/";

    public const string Route = Prefix + "put/{until}/{mark}/{upload}/{part}";

    private readonly SignedAddresses addresses = new(seal, clock, Prefix, "part");

    public string Make(string baseUrl, string upload, int part) => addresses.Make(baseUrl, "put", Rest(upload, part.ToString(CultureInfo.InvariantCulture)));

    /// <exception cref="CairnException"><see cref="ErrorCode.Forbidden"/> where this server did not make the address, or too long ago.</exception>
    public void Check(string until, string mark, string upload, string part) => addresses.Check("put", until, mark, Rest(upload, part));

    private static string Rest(string upload, string part) => $"{upload}/{part}";
}
