using System.Net;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Sessions;

public sealed class SignOutTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private const string Path = "/api/v1/sessions/current";

    [Fact]
    public async Task SignOut_WithASession_EndsItAlone()
    {
        await using var revoked = await api.ObserveAsync<TokenRevoked>();
        var person = await api.NewPersonAsync();
        var elsewhere = await api.SignInAsync(person);

        using var answer = await person.Client.DeleteAsync(Path);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Null(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
        Assert.NotNull(await api.ResolveAsync(CredentialKind.Session, elsewhere.Cookie));
        await revoked.FirstAsync(told => told.CredentialId == person.Caller.CredentialId);
    }

    [Fact]
    public async Task SignOut_Always_RemovesTheCookie()
    {
        var person = await api.NewPersonAsync();
        using var answer = await person.Client.DeleteAsync(Path);
        Assert.StartsWith("packrelay_session=; max-age=0;", answer.SetCookie(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task SignOut_OfASessionThatHasJustEnded_Succeeds()
    {
        var person = await api.NewPersonAsync();
        using var first = await person.Client.DeleteAsync(Path);

        using var second = await person.Client.DeleteAsync(Path);

        Assert.Equal(HttpStatusCode.NoContent, second.StatusCode);
    }

    [Fact]
    public async Task SignOut_WithAToken_IsForbidden()
    {
        var person = await api.NewPersonAsync();
        using var client = await api.TokenClientAsync((await IdentityApi.MintAsync(person)).Token);
        using var answer = await client.DeleteAsync(Path);
        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task SignOut_WithoutCredentials_Answers401()
    {
        using var client = api.CreateClient();
        using var answer = await client.DeleteAsync(Path);
        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }
}
