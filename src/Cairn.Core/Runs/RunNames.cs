using System.Globalization;
using System.Security.Cryptography;

namespace Cairn.Core.Runs;

/// <summary>Makes names such as "calm-river-12" for runs that were given none.</summary>
public static class RunNames
{
    private static readonly string[] Adjectives =
    [
        "able", "amber", "bold", "brave", "bright", "brisk", "calm", "clear", "clever", "cosy", "crisp", "deft", "eager",
        "early", "fair", "fleet", "fond", "fresh", "gentle", "glad", "golden", "grand", "green", "handy", "hardy", "honest",
        "keen", "kind", "lively", "lucky", "mellow", "merry", "mild", "neat", "nimble", "noble", "patient", "placid", "plain",
        "proud", "quick", "quiet", "rapid", "ready", "rosy", "sage", "serene", "sharp", "silver", "smooth", "snug", "solid",
        "spry", "steady", "still", "sunny", "swift", "tidy", "upbeat", "vivid", "warm", "wise", "witty", "zesty",
    ];

    private static readonly string[] Nouns =
    [
        "acorn", "alder", "arch", "aspen", "badger", "bay", "beacon", "birch", "bluff", "boulder", "bridge", "brook",
        "canyon", "cedar", "cliff", "cloud", "coast", "comet", "cove", "crane", "creek", "crest", "dale", "delta", "dune",
        "falcon", "fern", "field", "fjord", "forest", "fox", "glade", "glen", "grove", "harbor", "hare", "heath", "heron",
        "hill", "island", "lake", "lark", "ledge", "marsh", "meadow", "mesa", "moss", "oak", "otter", "pass", "path", "peak",
        "pebble", "pine", "reef", "ridge", "river", "robin", "shore", "spring", "stone", "summit", "trail", "valley",
    ];

    public static string Make()
    {
        var adjective = Adjectives[RandomNumberGenerator.GetInt32(Adjectives.Length)];
        var noun = Nouns[RandomNumberGenerator.GetInt32(Nouns.Length)];
        var number = RandomNumberGenerator.GetInt32(1, 1000);
        return string.Create(CultureInfo.InvariantCulture, $"{adjective}-{noun}-{number}");
    }
}
