using PackRelay.Manifests.Rules;

namespace PackRelay.Manifests.Tests.Rules;

public sealed class NameRulesTests
{
    [Theory]
    [InlineData("abc", true)]
    [InlineData("a-b", true)]
    [InlineData("7-days-to-die-2", true)]
    [InlineData("ab", false)]
    [InlineData("", false)]
    [InlineData("-abc", false)]
    [InlineData("abc-", false)]
    [InlineData("a--b", false)]
    [InlineData("Abc", false)]
    [InlineData("a_b", false)]
    [InlineData("abc\n", false)]
    [InlineData("äbc", false)]
    public void PackSlug_IsLowerCaseWordsWithHyphens(string text, bool valid) => Assert.Equal(valid, PackSlug.IsValid(text));

    [Fact]
    public void Slugs_HaveAMaximumLength()
    {
        Assert.True(PackSlug.IsValid(new string('a', 50)));
        Assert.False(PackSlug.IsValid(new string('a', 51)));
        Assert.True(ServerSlug.IsValid(new string('a', 64)));
        Assert.False(ServerSlug.IsValid(new string('a', 65)));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("-", true)]
    [InlineData("eu-1", true)]
    [InlineData("", false)]
    [InlineData("EU", false)]
    [InlineData("a.b", false)]
    public void ServerSlug_HasItsAlphabet(string text, bool valid) => Assert.Equal(valid, ServerSlug.IsValid(text));

    [Theory]
    [InlineData("darkrising.gg/main", "darkrising.gg", "main")]
    [InlineData("a-b/c-1", "a-b", "c-1")]
    public void KeyId_Parts_AreTakenApart(string text, string publisher, string name)
    {
        Assert.True(KeyId.TryParse(text, out var keyId));
        Assert.Equal(new KeyId(publisher, name), keyId);
        Assert.Equal(text, keyId.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("main")]
    [InlineData("/main")]
    [InlineData("a/")]
    [InlineData("a/b.c")]
    [InlineData("a/b/c")]
    [InlineData("A/b")]
    [InlineData("a%2Fb")]
    [InlineData("a /b")]
    public void KeyId_OtherText_IsRefused(string? text) => Assert.False(KeyId.TryParse(text, out _));

    [Fact]
    public void KeyId_Parts_HaveAMaximumLength()
    {
        var part = new string('a', 64);
        Assert.True(KeyId.TryParse($"{part}/{part}", out _));
        Assert.False(KeyId.TryParse($"{part}a/{part}", out _));
        Assert.False(KeyId.TryParse($"{part}/{part}a", out _));
    }

    [Fact]
    public void Sha256Hex_IsExactly64LowerCaseDigits()
    {
        Assert.True(Sha256Hex.IsValid(Samples.Sha));
        Assert.False(Sha256Hex.IsValid(Samples.Sha.ToUpperInvariant()));
        Assert.False(Sha256Hex.IsValid(Samples.Sha.AsSpan(1)));
        Assert.False(Sha256Hex.IsValid(Samples.Sha + "0"));
    }
}
