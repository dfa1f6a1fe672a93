namespace PackRelay.Heartbeats.Tests;

public sealed class FleetTests
{
    [Fact]
    public void Tokens_OfManyServers_AreSharedByAsManyAsWasAsked()
    {
        var fleet = new Fleet(250, serversPerToken: 100, "secret");
        Assert.Equal(3, fleet.Tokens.Count);
        Assert.Equal(fleet.TokenOf(0), fleet.TokenOf(99));
        Assert.NotEqual(fleet.TokenOf(99), fleet.TokenOf(100));
        Assert.All(fleet.Tokens, token => Assert.Matches("^prl_[0-9A-Za-z]{49}$", token));
    }

    [Fact]
    public void Tokens_OfAnotherSeed_AreOthers() => Assert.NotEqual(new Fleet(1, 1, "one").TokenOf(0), new Fleet(1, 1, "two").TokenOf(0));

    [Fact]
    public void ServerId_OfEachServer_IsItsOwnInEveryRun()
    {
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(Fleet.ServerId).Distinct().Count());
        Assert.Equal(Fleet.ServerId(17), Fleet.ServerId(17));
        Assert.Equal("beat-000017", Fleet.Slug(17));
    }

    // Computed with Python: base62 of the 32 bytes in 43 digits, then zlib.crc32 of the text in 6.
    [Theory]
    [InlineData(0, "prl_00000000000000000000000000000000000000000001SgUXa")]
    [InlineData(255, "prl_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp14BEda6")]
    public void Create_OfGivenBytes_HasIdentitysFormAndChecksum(byte value, string expected)
    {
        var random = new byte[32];
        random.AsSpan().Fill(value);
        Assert.Equal(expected, ApiTokens.Create(random));
    }
}
