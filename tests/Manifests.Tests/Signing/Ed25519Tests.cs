using System.Text.Json;
using PackRelay.Manifests.Signing;

namespace PackRelay.Manifests.Tests.Signing;

public sealed class Ed25519Tests
{
    [Fact]
    public void Verify_AllPublishedVectors_MatchExactly()
    {
        using var stream = typeof(Ed25519Tests).Assembly.GetManifestResourceStream("ed25519_wycheproof.json")!;
        using var document = JsonDocument.Parse(stream);
        var seen = 0;
        foreach (var group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var publicKey = Convert.FromHexString(group.GetProperty("publicKey").GetProperty("pk").GetString()!);
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var message = Convert.FromHexString(test.GetProperty("msg").GetString()!);
                var signature = Convert.FromHexString(test.GetProperty("sig").GetString()!);
                var expected = test.GetProperty("result").GetString() is "valid";
                Assert.True(Ed25519.Verify(publicKey, message, signature) == expected, $"test {test.GetProperty("tcId")}: {test.GetProperty("comment")}");
                seen++;
            }
        }
        Assert.Equal(document.RootElement.GetProperty("numberOfTests").GetInt32(), seen);
    }

    [Fact]
    public void Sign_PublishedSeed_GivesThePublishedKeyAndSignature()
    {
        Assert.Equal("A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=", Convert.ToBase64String(Ed25519.DerivePublicKey(Samples.Seed)));
        Assert.Equal(Samples.VectorSignature, Convert.ToHexStringLower(Ed25519.Sign(Samples.Seed, System.Text.Encoding.UTF8.GetBytes(Samples.Vector))));
    }

    [Fact]
    public void Verify_EmptyMessage_Works() =>
        Assert.True(Ed25519.Verify(Ed25519.DerivePublicKey(Samples.Seed), [], Ed25519.Sign(Samples.Seed, [])));

    [Theory]
    [InlineData(0, 64)]
    [InlineData(31, 64)]
    [InlineData(33, 64)]
    [InlineData(32, 63)]
    [InlineData(32, 65)]
    [InlineData(32, 0)]
    public void Verify_WrongLength_IsFalse(int keyLength, int signatureLength) => Assert.False(Ed25519.Verify(new byte[keyLength], [1], new byte[signatureLength]));

    [Fact]
    public void Sign_SeedOfWrongLength_Throws() => Assert.Throws<ArgumentException>(() => Ed25519.Sign(new byte[31], []));

    [Fact]
    public void IsAcceptablePublicKey_RealKeys_AreAccepted()
    {
        for (byte i = 0; i < 50; i++) Assert.True(Ed25519.IsAcceptablePublicKey(Ed25519.DerivePublicKey([.. Samples.Seed.Select(b => (byte)(b ^ i))])));
    }

    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")] // order 1
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // order 2
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")] // order 4
    [InlineData("0000000000000000000000000000000000000000000000000000000000000080")] // order 4
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")] // order 8
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")] // order 8
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // y = p + 1, not canonical
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // y = p, not canonical
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000")] // not on the curve
    [InlineData("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // y = p + 3, a good point spelled another way
    public void IsAcceptablePublicKey_WeakOrMalformedKey_IsRefused(string hex) => Assert.False(Ed25519.IsAcceptablePublicKey(Convert.FromHexString(hex)));

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void IsAcceptablePublicKey_WrongLength_IsRefused(int length) => Assert.False(Ed25519.IsAcceptablePublicKey(new byte[length]));

    [Fact]
    public void Load_MissingLibrary_NamesThePackageToInstall()
    {
        var error = Assert.Throws<DllNotFoundException>(() => Libsodium.Load(["libsodium-that-is-not-there"]));
        Assert.Contains("apt-get install libsodium23", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_ManyThreadsAtOnce_AllSucceed()
    {
        var key = Ed25519.DerivePublicKey(Samples.Seed);
        Parallel.For(0, 64, i => Assert.True(Ed25519.Verify(key, [(byte)i], Ed25519.Sign(Samples.Seed, [(byte)i]))));
    }
}
