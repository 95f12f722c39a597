using System.CommandLine;

namespace Cairn.Cli.Parsing;

/// <summary>Options that every command has.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string?> Url = new("--url")
    {
        Description = "The server, as in http://host:5080 (default: CAIRN_URL; without it, the one on the data folder, else one for as long as the command lives)",
        HelpName = "URL",
        Recursive = true,
    };

    public static readonly Option<string?> Data = new("--data")
    {
        Description = "The data folder of your own server (default: CAIRN_DATA, or ~/.cairn)",
        HelpName = "FOLDER",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print the result as JSON; standard output holds nothing else",
        Recursive = true,
    };
}
