using PackRelay.Manifests.Rules;

namespace PackRelay.Generator.Tests;

public sealed class GeneratedCatalogTests
{
    private const int Packs = 2_000;

    private static readonly GeneratedCatalog Catalog = new(Packs);

    [Fact]
    public void Pack_OfTheSameNumber_IsTheSameInAnotherRun()
    {
        var again = new GeneratedCatalog(Packs).Pack(7);
        var pack = Catalog.Pack(7);
        Assert.Equal((pack.Slug, pack.Name, pack.Downloads, pack.Owner.KeyId), (again.Slug, again.Name, again.Downloads, again.Owner.KeyId));
        Assert.Equal(SignedManifests.Sign(pack, pack.Versions[1]), SignedManifests.Sign(again, again.Versions[1]));
    }

    [Fact]
    public void Packs_All_KeepTheRulesOfTheCatalog()
    {
        var slugs = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pack in Enumerable.Range(0, Packs).Select(Catalog.Pack))
        {
            Assert.True(PackSlug.IsValid(pack.Slug), pack.Slug);
            Assert.True(slugs.Add(pack.Slug), pack.Slug);
            Assert.True(KeyId.TryParse(pack.Owner.KeyId, out _), pack.Owner.KeyId);
            Assert.InRange(pack.Tags.Length, 1, 20);
            Assert.InRange(pack.Summary.Length, 1, 300);
            Assert.Equal(3, pack.Versions.Count);
        }
    }

    [Fact]
    public void Terms_OfEachKind_FindAsManyPacksAsTheKindSays()
    {
        var packs = Enumerable.Range(0, Packs).Select(Catalog.Pack).ToList();
        Assert.InRange(Found("common"), Packs / 100, Packs);
        Assert.InRange(Found("middling"), 2, Packs / 50);
        Assert.InRange(Found("rare"), 1, 20);

        double Found(string kind) => Vocabulary.Terms(kind, Packs, 40).Average(term => packs.Count(pack => Array.TrueForAll(
            term.Split(' '), word => $"{pack.Name} {pack.Summary} {pack.Description} {string.Join(' ', pack.Tags)}".Contains(word, StringComparison.OrdinalIgnoreCase))));
    }
}
