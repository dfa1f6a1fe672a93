using System.Net;
using System.Net.Http.Json;
using PackRelay.IdentityService.Sessions;
using PackRelay.IdentityService.Tokens;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Callers;

public sealed class ResolveCallerTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    [Fact]
    public async Task Resolve_OfASession_GivesTheAccountWithAllScopesOfItsRole()
    {
        var person = await api.NewPersonAsync(Role.ServerOwner);

        var caller = await api.ResolveAsync(CredentialKind.Session, person.Cookie);

        Assert.Equal((person.Id, person.Username, person.Username), (caller!.AccountId, caller.Username, caller.DisplayName));
        Assert.Equal((Role.ServerOwner, "free", CredentialKind.Session), (caller.Role, caller.Plan, caller.Credential));
        Assert.True(caller.Scopes.SetEquals(Scopes.All));
        Assert.Null(caller.Packs);
        Assert.Null(caller.Servers);
    }

    [Fact]
    public async Task Resolve_AfterRoleAndPlanChanged_GivesTheNewOnes()
    {
        var person = await api.NewPersonAsync();
        await api.ExecuteAsync("UPDATE accounts SET role = 'admin', plan = 'pro' WHERE id = $1", person.Id);

        var caller = await api.ResolveAsync(CredentialKind.Session, person.Cookie);

        Assert.Equal((Role.Admin, "pro"), (caller!.Role, caller.Plan));
    }

    [Fact]
    public async Task Resolve_OfATokenWhoseAccountLostItsRole_KeepsWhatTheRoleStillAllows()
    {
        var person = await api.NewPersonAsync(Role.ServerOwner);
        var (_, token) = await IdentityApi.MintAsync(person);
        await api.ExecuteAsync("UPDATE accounts SET role = 'player' WHERE id = $1", person.Id);

        var caller = await api.ResolveAsync(CredentialKind.Token, token);

        Assert.Equal(["favorites"], caller!.Scopes);
    }

    [Fact]
    public async Task Resolve_OfATokenWhoseAccountGainedARole_KeepsItsScopes()
    {
        var person = await api.NewPersonAsync();
        var (_, token) = await IdentityApi.MintAsync(person);
        await api.ExecuteAsync("UPDATE accounts SET role = 'server_owner' WHERE id = $1", person.Id);

        var caller = await api.ResolveAsync(CredentialKind.Token, token);

        Assert.Equal(["favorites"], caller!.Scopes);
    }

    [Fact]
    public async Task Resolve_OfAnExpiredToken_IsRefused()
    {
        var person = await api.NewPersonAsync();
        var (_, token) = await IdentityApi.MintAsync(person, new { name = "short", expiresInDays = 1 });
        var before = await api.ResolveAsync(CredentialKind.Token, token);
        Assert.Equal(1, (before!.CredentialExpiresAt!.Value - api.Clock.GetUtcNow()).TotalDays, 0.001); // the gateway must not trust it any longer

        api.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Null(await api.ResolveAsync(CredentialKind.Token, token));
    }

    [Fact]
    public async Task Resolve_OfAnUnknownSecret_IsRefused()
    {
        var person = await api.NewPersonAsync();
        var (_, token) = await IdentityApi.MintAsync(person);
        (CredentialKind Kind, string Secret)[] tried =
        [
            (CredentialKind.Token, TokenSecret.Create()), (CredentialKind.Session, SessionSecret.Create()), (CredentialKind.Token, person.Cookie),
            (CredentialKind.Session, token), (CredentialKind.None, token), (CredentialKind.Token, ""), (CredentialKind.Session, "'; DROP TABLE sessions; --"),
            (CredentialKind.Token, token.ToUpperInvariant()),
        ];
        foreach (var (kind, secret) in tried) Assert.Null(await api.ResolveAsync(kind, secret));
    }

    [Fact]
    public async Task Resolve_OfAnUnknownSecret_AnswersInvalidToken()
    {
        using var gateway = api.CreateClient();
        using var answer = await gateway.PostAsJsonAsync("/internal/callers", new { kind = "token", secret = TokenSecret.Create() });
        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Fact]
    public async Task Resolve_WithABadBody_IsRefused()
    {
        using var gateway = api.CreateClient();
        await BadBodies.AssertRefusedAsync(gateway, HttpMethod.Post, "/internal/callers", "secret");
    }

    [Fact]
    public async Task Resolve_ManyTimes_WritesTheLastUseOnce()
    {
        var person = await api.NewPersonAsync();
        var (id, token) = await IdentityApi.MintAsync(person);
        var versionSql = "SELECT xmin::text FROM api_tokens WHERE id = $1";
        var before = await api.ScalarAsync<string>(versionSql, id);

        for (var request = 0; request < 20; request++) await api.ResolveAsync(CredentialKind.Token, token);
        Assert.Equal(before, await api.ScalarAsync<string>(versionSql, id));

        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await api.WaitUntilAsync(async () => await api.ScalarAsync<string>(versionSql, id) != before, TimeSpan.FromSeconds(20), "the use is written down");
    }

    [Fact]
    public async Task Resolve_OfATokenThatEndedLongAgo_FindsItClearedAway()
    {
        var person = await api.NewPersonAsync();
        var (id, _) = await IdentityApi.MintAsync(person);
        using var revoked = await person.Client.DeleteAsync($"/api/v1/me/tokens/{id}");
        var countSql = "SELECT count(*) FROM api_tokens WHERE id = $1";

        api.Clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(1, await api.ScalarAsync<long>(countSql, id));
        api.Clock.Advance(TimeSpan.FromDays(2));

        await api.WaitUntilAsync(async () => await api.ScalarAsync<long>(countSql, id) == 0, TimeSpan.FromSeconds(20), "the token is cleared away");
    }
}
