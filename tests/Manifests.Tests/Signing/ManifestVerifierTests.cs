using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PackRelay.Manifests.Reading;
using PackRelay.Manifests.Signing;

namespace PackRelay.Manifests.Tests.Signing;

public sealed class ManifestVerifierTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly byte[] _key = Ed25519.DerivePublicKey(Samples.Seed);

    [Fact]
    public void Verify_VectorInAnySpelling_IsValid()
    {
        var manifest = Samples.Object();
        Assert.Equal(ManifestVerification.Valid, ManifestVerifier.Verify(manifest.Utf8(), _key));
        Assert.Equal(ManifestVerification.Valid, ManifestVerifier.Verify(Encoding.UTF8.GetBytes(manifest.ToJsonString(Indented)), _key));
        Assert.Equal(ManifestVerification.Valid, ManifestVerifier.Verify(Encoding.UTF8.GetBytes(manifest.ToJsonString().Replace("\"size\":6", "\"size\":0.6e1", StringComparison.Ordinal)), _key));
    }

    [Fact]
    public void Verify_AnyChangedMember_IsInvalid()
    {
        foreach (var (name, _) in Samples.Object())
        {
            if (name is "signature") continue;
            Assert.Equal(ManifestVerification.InvalidSignature, ManifestVerifier.Verify(Samples.Object().With(name, "tampered").Utf8(), _key));
        }
        Assert.Equal(ManifestVerification.InvalidSignature, ManifestVerifier.Verify(Samples.Object().With("added", 1).Utf8(), _key));
        Assert.Equal(ManifestVerification.InvalidSignature, ManifestVerifier.Verify(Samples.Object().WithFiles("Mods/A/c.txt").Utf8(), _key));
    }

    [Fact]
    public void Verify_MemberThatNoReaderKnows_IsCoveredByTheSignature()
    {
        var sources = new JsonArray(new JsonObject { ["id"] = "x", ["source"] = "github", ["scanAttestation"] = new JsonObject { ["scanner"] = "honest" } });
        Assert.True(ManifestSigner.TrySign(Samples.Object(2).With("sources", sources).Utf8(), Samples.Key, Samples.Seed, out var signed, out _));
        Assert.Equal(ManifestVerification.Valid, ManifestVerifier.Verify(signed, _key));
        var tampered = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(signed).Replace("honest", "forged", StringComparison.Ordinal));
        Assert.Equal(ManifestVerification.InvalidSignature, ManifestVerifier.Verify(tampered, _key));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("""{"signature":1}""")]
    [InlineData("""{"signature":{}}""")]
    [InlineData("""{"signature":{"value":1}}""")]
    [InlineData("""{"signature":{"value":"f464"}}""")]
    public void Verify_NoUsableSignature_IsInvalid(string json) => Assert.Equal(ManifestVerification.InvalidSignature, ManifestVerifier.Verify(Encoding.UTF8.GetBytes(json), _key));

    [Fact]
    public void Verify_CapitalsInTheSignature_IsInvalid() => Assert.Equal(
        ManifestVerification.InvalidSignature,
        ManifestVerifier.Verify(Samples.Object().With("signature", new JsonObject { ["value"] = Samples.VectorSignature.ToUpperInvariant() }).Utf8(), _key));

    [Fact]
    public void Verify_WrongKey_IsInvalid()
    {
        Assert.Equal(ManifestVerification.InvalidSignature, ManifestVerifier.Verify(Samples.Object().Utf8(), Ed25519.DerivePublicKey(new byte[32])));
        Assert.Equal(ManifestVerification.InvalidSignature, ManifestVerifier.Verify(Samples.Object().Utf8(), []));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"a":1.5}""")]
    [InlineData("""{"a":1,"a":1}""")]
    [InlineData("""{"signature":{"value":"1","value":"2"}}""")]
    [InlineData("""{"a":"\ud800"}""")]
    public void Verify_WithoutCanonicalForm_SaysSo(string json) => Assert.Equal(ManifestVerification.NotCanonicalisable, ManifestVerifier.Verify(Encoding.UTF8.GetBytes(json), _key));

    [Fact]
    public void Verify_FiveThousandFiles_AllocatesNoMoreThanAFewObjects()
    {
        var manifest = Samples.Large(5_000);
        Assert.InRange(manifest.Length, 800_000, ManifestLimits.Default.MaxManifestBytes);

        // The first call rents its buffers, and tests that run beside this one may hold the pool's: what counts is what a call needs when they are free.
        Assert.InRange(Enumerable.Range(0, 25).Min(_ => AllocatedByVerify(manifest)), 0, 8 * 1024);
    }

    private long AllocatedByVerify(byte[] manifest)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(ManifestVerification.Valid, ManifestVerifier.Verify(manifest, _key));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public void TrySign_Object_VerifiesAndReadsBack()
    {
        Assert.True(ManifestSigner.TrySign(Samples.Object().Utf8(), Samples.Key, Samples.Seed, out var signed, out _));
        Assert.Equal(ManifestVerification.Valid, ManifestVerifier.Verify(signed, _key));
        var reading = ManifestReader.Read(signed, ManifestLimits.Default);
        Assert.Equal(Samples.VectorSignature, reading.Manifest?.Signature.Value);
        Assert.Equal(Samples.Key, reading.Manifest?.Signature.PublicKeyId);
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("[]", false)]
    [InlineData("{\"a\":0.5}", false)]
    public void TrySign_OnlyObjects_CanBeSigned(string json, bool accepted)
    {
        Assert.Equal(accepted, ManifestSigner.TrySign(Encoding.UTF8.GetBytes(json), Samples.Key, Samples.Seed, out var signed, out var problem));
        Assert.Equal(accepted, problem is null);
        if (accepted) Assert.Equal(ManifestVerification.Valid, ManifestVerifier.Verify(signed, _key));
    }
}
