using System.Net;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Tokens;

public sealed class RevokeTokenTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    [Fact]
    public async Task Revoke_WithASession_EndsTheTokenAndTellsOthers()
    {
        await using var revoked = await api.ObserveAsync<TokenRevoked>();
        var person = await api.NewPersonAsync();
        var (id, token) = await IdentityApi.MintAsync(person);

        using var answer = await person.Client.DeleteAsync($"/api/v1/me/tokens/{id}");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Null(await api.ResolveAsync(CredentialKind.Token, token));
        var told = await revoked.FirstAsync(gone => gone.CredentialId == id);
        Assert.Equal(person.Id, told.AccountId);
    }

    [Fact]
    public async Task Revoke_Twice_Answers404()
    {
        var person = await api.NewPersonAsync();
        var (id, _) = await IdentityApi.MintAsync(person);
        using var first = await person.Client.DeleteAsync($"/api/v1/me/tokens/{id}");

        using var second = await person.Client.DeleteAsync($"/api/v1/me/tokens/{id}");

        await second.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Revoke_WithTheTokenItself_Succeeds()
    {
        var person = await api.NewPersonAsync();
        var (id, token) = await IdentityApi.MintAsync(person);
        using var client = await api.TokenClientAsync(token);

        using var answer = await client.DeleteAsync($"/api/v1/me/tokens/{id}");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Null(await api.ResolveAsync(CredentialKind.Token, token));
    }

    [Fact]
    public async Task Revoke_WithAnotherToken_IsForbiddenWhateverTheId()
    {
        var person = await api.NewPersonAsync();
        var (id, token) = await IdentityApi.MintAsync(person);
        using var client = await api.TokenClientAsync((await IdentityApi.MintAsync(person)).Token);

        foreach (var tried in new[] { id.ToString(), Guid.NewGuid().ToString(), "not-an-id" })
        {
            using var answer = await client.DeleteAsync($"/api/v1/me/tokens/{tried}");
            await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "forbidden");
        }

        Assert.NotNull(await api.ResolveAsync(CredentialKind.Token, token));
    }

    [Fact]
    public async Task Revoke_OfAnotherAccountsToken_Answers404AndLeavesIt()
    {
        var (id, token) = await IdentityApi.MintAsync(await api.NewPersonAsync());
        var stranger = await api.NewPersonAsync(Role.Admin);

        using var answer = await stranger.Client.DeleteAsync($"/api/v1/me/tokens/{id}");

        await answer.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
        Assert.NotNull(await api.ResolveAsync(CredentialKind.Token, token));
    }

    [Theory]
    [InlineData("not-an-id")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task Revoke_OfAnUnknownId_Answers404(string id)
    {
        var person = await api.NewPersonAsync();
        using var answer = await person.Client.DeleteAsync($"/api/v1/me/tokens/{id}");
        await answer.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Revoke_WithoutCredentials_Answers401()
    {
        using var client = api.CreateClient();
        using var answer = await client.DeleteAsync($"/api/v1/me/tokens/{Guid.NewGuid()}");
        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }
}
