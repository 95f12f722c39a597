using System.Globalization;
using System.Security.Cryptography;

namespace Cairn.Core.Runs;

/// <summary>Makes names such as "calm-river-12" for runs that were given none.</summary>
public static class RunNames
{
    // All of them are also among the words of MLflow's own names, which some of its clients' tests look for.
    private static readonly string[] Adjectives =
    [
        "able", "adaptable", "amazing", "ambitious", "amusing", "awesome", "bald", "beautiful", "big", "bold",
        "bouncy", "bright", "bustling", "calm", "capable", "carefree", "charming", "chill", "clean", "colorful",
        "dapper", "dazzling", "debonair", "delightful", "efficient", "fearless", "funny", "gentle", "gifted",
        "handsome", "hilarious", "honorable", "illustrious", "industrious", "intelligent", "judicious", "kindly",
        "legendary", "likeable", "luminous", "luxuriant", "lyrical", "marvelous", "melodic", "merciful",
        "mysterious", "nimble", "orderly", "painted", "peaceful", "persistent", "placid", "polite", "popular",
        "powerful", "rare", "resilient", "respected", "selective", "silent", "sincere", "skillful", "smiling",
        "spiffy", "stately", "stylish", "tasteful", "thoughtful", "traveling", "trusting", "unique", "upbeat",
        "useful", "valuable", "welcoming", "whimsical", "wise", "wistful", "youthful",
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
