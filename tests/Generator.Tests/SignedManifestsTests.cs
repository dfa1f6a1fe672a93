using PackRelay.Manifests.Reading;
using PackRelay.Manifests.Signing;

namespace PackRelay.Generator.Tests;

public sealed class SignedManifestsTests
{
    private static readonly ManifestLimits Limits = new() { Games = new HashSet<string>(["7d2d", "valheim", "palworld", "minecraft"], StringComparer.Ordinal) };

    [Fact]
    public void Sign_EveryVersionOfAPack_VerifiesWithItsPublishersKey()
    {
        var catalog = new GeneratedCatalog(100);
        foreach (var pack in Enumerable.Range(0, catalog.PackCount).Select(catalog.Pack))
            foreach (var version in pack.Versions)
                AssertValid(pack, SignedManifests.Sign(pack, version));
    }

    [Fact]
    public void Sign_ByAnotherPublisher_DoesNotVerify()
    {
        var pack = new GeneratedCatalog(100).Pack(0);
        var other = new GeneratedCatalog(100).Publishers.First(publisher => publisher != pack.Owner);
        Assert.NotEqual(ManifestVerification.Valid, ManifestVerifier.Verify(SignedManifests.Sign(pack, pack.Versions[0]), Ed25519.DerivePublicKey(other.Seed)));
    }

    [Fact]
    public void Sign_OfEverySizeThatIsMeasured_IsValidAndAboutThatLong()
    {
        foreach (var pack in BenchPacks.WithManifests(new GeneratedCatalog(100).Publishers[0]))
        {
            if (!pack.Slug.EndsWith("-7", StringComparison.Ordinal)) continue;
            var manifest = SignedManifests.Sign(pack, pack.Versions[0]);
            AssertValid(pack, manifest);
            var sizeBytes = BenchPacks.Manifests.Single(size => pack.Slug.Contains($"-{size.Name}-", StringComparison.Ordinal)).SizeBytes;
            Assert.InRange(manifest.Length, sizeBytes * 0.95, sizeBytes * 1.05);
        }
    }

    private static void AssertValid(GeneratedPack pack, byte[] manifest)
    {
        var reading = ManifestReader.Read(manifest, Limits);
        Assert.True(reading.IsValid, string.Join("; ", reading.Problems));
        Assert.Equal(pack.Slug, reading.Manifest.Name);
        Assert.Equal(ManifestVerification.Valid, ManifestVerifier.Verify(manifest, Ed25519.DerivePublicKey(pack.Owner.Seed)));
    }
}
