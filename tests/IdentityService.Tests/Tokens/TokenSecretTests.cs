using PackRelay.IdentityService.Tokens;

namespace PackRelay.IdentityService.Tests.Tokens;

public sealed class TokenSecretTests
{
    [Fact]
    public void Create_Always_HasTheDocumentedForm()
    {
        for (var round = 0; round < 100; round++)
        {
            var token = TokenSecret.Create();
            Assert.Matches("^prl_[0-9A-Za-z]{49}$", token);
            Assert.True(TokenSecret.IsWellFormed(token));
        }
    }

    [Fact]
    public void Create_OfTheSmallestAndTheLargestBytes_HasTheSameLength()
    {
        var smallest = TokenSecret.Create(new byte[32]);
        var largest = TokenSecret.Create(Enumerable.Repeat(byte.MaxValue, 32).ToArray());

        Assert.Equal((53, 53), (smallest.Length, largest.Length));
        Assert.StartsWith("prl_" + new string('0', 43), smallest, StringComparison.Ordinal);
        Assert.True(TokenSecret.IsWellFormed(smallest) && TokenSecret.IsWellFormed(largest));
    }

    [Fact]
    public void Create_Twice_GivesTwoTokens() => Assert.NotEqual(TokenSecret.Create(), TokenSecret.Create());

    [Fact]
    public void IsWellFormed_WithOneCharacterChanged_IsFalse()
    {
        var token = TokenSecret.Create();
        for (var position = 0; position < token.Length; position++)
        {
            var changed = token.ToCharArray();
            changed[position] = changed[position] == 'x' ? 'y' : 'x';
            Assert.False(TokenSecret.IsWellFormed(new string(changed)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("prl_")]
    [InlineData("ghp_0000000000000000000000000000000000000000000000000")]
    [InlineData("prl_0000000000000000000000000000000000000000000000000")]
    [InlineData("prl_000000000000000000000000000000000000000000000000\u00E9")]
    public void IsWellFormed_WithSomethingElse_IsFalse(string text) => Assert.False(TokenSecret.IsWellFormed(text));

    [Fact]
    public void Crc32_OfTheCheckString_IsTheStandardsValue() => Assert.Equal(0xCBF43926, TokenSecret.Crc32("123456789"u8));
}
