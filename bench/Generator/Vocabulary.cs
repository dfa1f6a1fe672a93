namespace PackRelay.Generator;

/// <summary>
/// Words of three kinds: common ones that a tenth of all packs have, middling ones of a few packs in a thousand, and rare ones of a handful of packs.
/// The latter two are made of syllables, so that no two kinds share a beginning: a search finds words by how they begin.
/// </summary>
internal static class Vocabulary
{
    public static readonly string[] Tags =
        ["survival", "hardcore", "vanilla-plus", "magic", "tech", "farming", "building", "zombies", "quests", "co-op", "pve", "pvp", "roleplay", "exploration", "vehicles", "overhaul", "lightweight", "weapons"];

    private static readonly string[] CommonWords =
    [
        "adventure", "ancient", "blood", "castle", "crafting", "dark", "dawn", "depths", "dragon", "dungeon", "echoes", "edge", "ember", "empire", "endless", "expanded", "fallen", "fire", "forest",
        "forge", "frontier", "frost", "garden", "harvest", "horizon", "iron", "island", "journey", "kingdom", "legacy", "legends", "lost", "moon", "mountain", "night", "ocean", "origins", "outpost", "realm",
        "rebirth", "rising", "river", "ruins", "shadow", "sky", "snow", "stone", "storm", "sun", "titan", "valley", "village", "void", "wanderer", "wasteland", "wild", "winter", "wonder", "world",
    ];

    private static readonly string[] Starts = ["ba", "be", "bo", "du", "fa", "fe", "ga", "gi", "ja", "ju", "ka", "ki", "lu", "na", "ne", "pa", "po", "qua", "ra", "sha", "ta", "thu", "ve", "xe", "ya", "zi"];

    private static readonly string[] Middles = ["kor", "lan", "mir", "nad", "rel", "sil", "tan", "vor", "wen", "zar"];

    private static readonly string[] Ends = ["dil", "gon", "hym", "lok", "mar", "nis", "rax", "tul", "vek", "wyn"];

    /// <summary>Number of middling words.</summary>
    public static int MiddlingCount => Starts.Length * Middles.Length;

    /// <summary>One of <see cref="MiddlingCount"/> words: two syllables and "u", which no rare word has there.</summary>
    public static string Middling(int number) => $"{Starts[number / Middles.Length % Starts.Length]}{Middles[number % Middles.Length]}u";

    /// <summary>A rare word: any number gives one, and different numbers different ones.</summary>
    public static string Rare(int number)
    {
        var word = $"{Ends[number % Ends.Length]}{Middles[number / Ends.Length % Middles.Length]}";
        for (var rest = number / (Ends.Length * Middles.Length); rest > 0; rest /= Starts.Length) word += Starts[rest % Starts.Length];
        return word + "x";
    }

    public static string Common(Random random) => CommonWords[random.Next(CommonWords.Length)];

    /// <summary>Search terms of one selectivity: <c>common</c>, <c>middling</c> or <c>rare</c>.</summary>
    public static IEnumerable<string> Terms(string kind, int packs, int count) => kind switch
    {
        // Whole words, their beginnings, and two of them: what people type.
        "common" => Enumerable.Range(0, count).Select(i => i < CommonWords.Length ? CommonWords[i] : $"{CommonWords[i % CommonWords.Length]} {Tags[i % Tags.Length].Split('-')[0]}"),
        "middling" => Enumerable.Range(0, count).Select(i => Middling(i * 7 % MiddlingCount)),
        "rare" => Enumerable.Range(0, count).Select(i => Rare(i * 37 % Math.Max(1, packs / RarePacks))),
        _ => throw new ArgumentException($"No terms are '{kind}'.", nameof(kind)),
    };

    /// <summary>Packs that share a rare word.</summary>
    public const int RarePacks = 5;
}
