using Microsoft.Extensions.Options;

using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing;

namespace PackRelay.ServiceDefaults.Tests.Callers;

public sealed class CallerTokenTests
{
    private readonly SteppedClock clock = new();

    private static readonly Caller Owner = new()
    {
        AccountId = Guid.Parse("0196d7a0-0000-7000-8000-000000000001"),
        Username = "ada",
        DisplayName = "Ada “the” Łovelace",
        Role = Role.ServerOwner,
        Plan = "pro",
        Credential = CredentialKind.Token,
        CredentialId = Guid.Parse("0196d7a0-0000-7000-8000-000000000002"),
        Scopes = new HashSet<string> { Scopes.PacksWrite, Scopes.Favorites },
        Packs = ["one", "two"],
        Servers = null,
    };

    [Fact]
    public void TryRead_OwnToken_GivesEveryMemberBack()
    {
        var tokens = Tokens("0123456789abcdef0123456789abcdef");

        Assert.True(tokens.TryRead(tokens.Write(Owner), out var caller));
        Assert.Equivalent(Owner, caller, strict: true);
    }

    [Fact]
    public void TryRead_ManyTokensAgainAndAgain_TellsThemApart()
    {
        var tokens = Tokens("0123456789abcdef0123456789abcdef");
        var written = Enumerable.Range(0, 1_500).Select(i => (Name: $"user-{i}", Token: tokens.Write(Owner with { Username = $"user-{i}" }))).ToList(); // more than are remembered
        for (var round = 0; round < 3; round++)
        {
            foreach (var (name, token) in written)
            {
                Assert.True(tokens.TryRead(token, out var caller));
                Assert.Equal(name, caller.Username);
            }
        }
    }

    [Fact]
    public void Write_NonAsciiName_IsAHeaderValue() => Assert.True(Tokens("0123456789abcdef0123456789abcdef").Write(Owner).All(char.IsAscii));

    [Fact]
    public void TryRead_OtherKey_IsRefused() =>
        Assert.False(Tokens("fedcba9876543210fedcba9876543210").TryRead(Tokens("0123456789abcdef0123456789abcdef").Write(Owner), out _));

    [Fact]
    public void TryRead_AfterAMinute_IsRefused()
    {
        var tokens = Tokens("0123456789abcdef0123456789abcdef");
        var token = tokens.Write(Owner);

        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.True(tokens.TryRead(token, out _));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(tokens.TryRead(token, out _));
    }

    [Fact]
    public void TryRead_AnyChangedCharacter_IsRefused()
    {
        var tokens = Tokens("0123456789abcdef0123456789abcdef");
        var token = tokens.Write(Owner);

        for (var i = 0; i < token.Length - 1; i++) // the last character of base64url may carry unused bits
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.False(tokens.TryRead(changed, out _), $"changed at {i}");
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a.")]
    [InlineData(".a")]
    [InlineData("not base64!.not base64!")]
    [InlineData("e30.e30")]
    public void TryRead_Garbage_IsRefused(string? value) => Assert.False(Tokens("0123456789abcdef0123456789abcdef").TryRead(value, out _));

    private CallerToken Tokens(string key) => new(Options.Create(new CallerOptions { SigningKey = key }), clock);
}
