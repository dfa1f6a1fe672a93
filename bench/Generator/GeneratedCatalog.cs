using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PackRelay.Generator;

/// <summary>Somebody who publishes.</summary>
internal sealed record GeneratedPublisher(Guid Id, string Username, string DisplayName, byte[] Seed)
{
    public string KeyId => $"{Username}/main";
}

/// <summary>A version that a pack has.</summary>
internal sealed record GeneratedVersion(Guid Id, string Version, DateTimeOffset AcceptedAt, IReadOnlyList<int> Blobs, bool IsWithdrawn);

/// <summary>A pack with all that its row says.</summary>
internal sealed record GeneratedPack(
    Guid Id, string Slug, GeneratedPublisher Owner, string Name, string Summary, string Description, string[] Tags, string Game, string Visibility, long Downloads, long Favorites,
    long InstallsLastWeek, bool IsFeatured, DateTimeOffset CreatedAt, IReadOnlyList<GeneratedVersion> Versions);

/// <summary>A catalogue that is the same at every run: each pack follows from its number alone.</summary>
internal sealed class GeneratedCatalog(int packCount, int versionsPerPack = 3)
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] Games = ["7d2d", "valheim", "palworld", "minecraft"];

    /// <summary>Different files that all versions share.</summary>
    public const int BlobCount = 5_000;

    /// <summary>Further files, numbered after them, which have content: what is published while the hub runs is made of these, so that its bundles are built.</summary>
    public const int ContentCount = 64;

    private static readonly (string Sha256, long SizeBytes)[] Contents =
        [.. Enumerable.Range(BlobCount, ContentCount).Select(number => Content(number)).Select(bytes => (Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.LongLength))];

    public int PackCount => packCount;

    public int VersionCount => packCount * versionsPerPack;

    /// <summary>One publisher for every twenty packs.</summary>
    public IReadOnlyList<GeneratedPublisher> Publishers { get; } = [.. Enumerable.Range(0, Math.Max(10, packCount / 20)).Select(Publisher)];

    /// <summary>Hash and size of a shared file.</summary>
    public static (string Sha256, long SizeBytes) Blob(int number) => number >= BlobCount ? Contents[number - BlobCount] :
        (Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {number}")))), 1_000 + (number * 7_919L % 4_000_000));

    /// <summary>The bytes of a file that has content: 4 to 36 KB.</summary>
    public static byte[] Content(int number)
    {
        var bytes = new byte[4_096 + ((number - BlobCount) * 512)];
        new Random(number).NextBytes(bytes);
        return bytes;
    }

    public GeneratedPack Pack(int number)
    {
        var random = new Random(number);
        var rare = Vocabulary.Rare(number / Vocabulary.RarePacks);
        var middling = Vocabulary.Middling(random.Next(Vocabulary.MiddlingCount));
        string[] words = [Vocabulary.Common(random), Vocabulary.Common(random), rare];
        // The rank is scattered over the numbers, so that popular packs are neither the first nor the last ones.
        var rank = (long)number * 7_368_787 % packCount;
        var downloads = (long)(2_000_000 / Math.Pow(rank + 1, 0.9));
        var created = Start.AddMinutes((double)number / packCount * 1_000_000).AddSeconds(random.Next(60));
        return new GeneratedPack(
            GuidAt(created, random),
            string.Create(CultureInfo.InvariantCulture, $"{words[0]}-{words[1]}-{number:x}"),
            Publishers[Zipf(random, Publishers.Count)],
            string.Join(' ', words.Select(Capital)),
            $"{Capital(Vocabulary.Common(random))} {Vocabulary.Common(random)} with {middling} and {Vocabulary.Common(random)}",
            Description(random),
            [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Vocabulary.Tags[random.Next(Vocabulary.Tags.Length)]).Distinct(StringComparer.Ordinal)],
            Games[random.Next(Games.Length)], "public", downloads, downloads / 50, downloads / 30, rank < 12, created, Versions(created, random));
    }

    private GeneratedVersion[] Versions(DateTimeOffset created, Random random) =>
    [
        .. Enumerable.Range(0, versionsPerPack).Select(i => new GeneratedVersion(
            GuidAt(created.AddDays(i), random), string.Create(CultureInfo.InvariantCulture, $"1.{i}.0"), created.AddDays(i),
            [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => random.Next(BlobCount)).Distinct()],
            IsWithdrawn: i == 0 && versionsPerPack > 1 && random.Next(100) == 0)),
    ];

    private static GeneratedPublisher Publisher(int number)
    {
        var random = new Random(~number);
        var name = $"{Capital(Vocabulary.Common(random))} {Capital(Vocabulary.Rare(number + 1_000_000))}";
        var id = GuidAt(Start, random);
        return new GeneratedPublisher(id, string.Create(CultureInfo.InvariantCulture, $"publisher-{number}"), name, SHA256.HashData(id.ToByteArray()));
    }

    private static string Description(Random random)
    {
        var text = new StringBuilder("# What it is\n\n");
        for (var sentence = random.Next(6, 16); sentence > 0; sentence--)
        {
            text.Append(Capital(Vocabulary.Common(random)));
            for (var word = random.Next(5, 12); word > 0; word--) text.Append(' ').Append(Vocabulary.Common(random));
            text.Append(". ");
        }

        return text.ToString();
    }

    /// <summary>Small numbers often, large ones seldom.</summary>
    private static int Zipf(Random random, int count) => (int)Math.Min(count - 1, Math.Pow(count, random.NextDouble()) - 1);

    /// <summary>Version 7 as the service makes them, ordered by time, but the same in every run.</summary>
    internal static Guid GuidAt(DateTimeOffset moment, Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes, (moment.ToUnixTimeMilliseconds() << 16) | 0x7000L | (long)random.Next(0x1000));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
