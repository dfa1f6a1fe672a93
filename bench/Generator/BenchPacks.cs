using System.Globalization;

namespace PackRelay.Generator;

/// <summary>Packs that the benchmarks call by name, beside the generated catalogue.</summary>
internal static class BenchPacks
{
    private static readonly DateTimeOffset Created = new(2024, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Manifests of three sizes: <c>bench-4k-0</c> and so on, so many of each that together they are what a hub serves, and not one hot key.</summary>
    public static readonly (string Name, int SizeBytes, int Count)[] Manifests = [("4k", 4 * 1024, 1_000), ("64k", 64 * 1024, 200), ("512k", 512 * 1024, 20)];

    /// <summary>Private packs of the benchmark's account, whose pages no cache may share: <c>bench-private-0</c>.</summary>
    public const int PrivateCount = 1_000;

    /// <summary>Packs of the benchmark's account that take new versions: <c>bench-publish-0</c>.</summary>
    public const int PublishCount = 200;

    public static IEnumerable<GeneratedPack> WithManifests(GeneratedPublisher owner) =>
        from size in Manifests
        from i in Enumerable.Range(0, size.Count)
        let files = Enumerable.Range(0, SignedManifests.FilesFor(size.SizeBytes, $"bench-{size.Name}-{i}"))
        select Pack(owner, $"bench-{size.Name}", i, "unlisted", [Version(size.SizeBytes + i, "1.0.0") with { Blobs = [.. files] }]);

    public static IEnumerable<GeneratedPack> Private(GeneratedPublisher owner) => Enumerable.Range(0, PrivateCount).Select(i => Pack(owner, "bench-private", i, "private", []));

    public static IEnumerable<GeneratedPack> ForPublishing(GeneratedPublisher owner) => Enumerable.Range(0, PublishCount).Select(i => Pack(owner, "bench-publish", i, "unlisted", []));

    /// <summary>Two files that have content, another pair for each of a thousand numbers.</summary>
    public static IReadOnlyList<int> PublishedFiles(int number)
    {
        const int half = GeneratedCatalog.ContentCount / 2;
        return [GeneratedCatalog.BlobCount + (number % half), GeneratedCatalog.BlobCount + half + (number / half % half)];
    }

    public static GeneratedVersion Version(int number, string version) => new(GeneratedCatalog.GuidAt(Created.AddMinutes(number), new Random(number)), version, Created.AddMinutes(number), [number % 97, 100 + (number % 89)], IsWithdrawn: false);

    // The description makes a page of the pack one kilobyte long.
    private static GeneratedPack Pack(GeneratedPublisher owner, string prefix, int number, string visibility, GeneratedVersion[] versions) => new(
        GeneratedCatalog.GuidAt(Created, new Random(prefix.Aggregate(number, (sum, letter) => unchecked((sum * 31) + letter)))), string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}"), owner, $"Benchmark {number}", "A pack that benchmarks ask for",
        string.Join(' ', Enumerable.Repeat("A benchmark asks for this pack.", 18)), ["benchmark"], "7d2d", visibility, 0, 0, 0, IsFeatured: false, Created, versions);
}
