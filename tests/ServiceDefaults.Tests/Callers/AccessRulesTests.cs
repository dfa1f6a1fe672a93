using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.ServiceDefaults.Tests.Callers;

public sealed class AccessRulesTests : IAsyncLifetime
{
    private TestApp app = null!;

    public async Task InitializeAsync() => app = await TestApp.StartAsync(routes =>
    {
        routes.MapGet("/account", (Caller caller) => TypedResults.Ok(caller.Username)).RequireAccount();
        routes.MapGet("/session", () => TypedResults.NoContent()).RequireSession();
        routes.MapGet("/owner", () => TypedResults.NoContent()).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksWrite);
    });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("/account")]
    [InlineData("/session")]
    [InlineData("/owner")]
    public async Task Anonymous_IsAskedToAuthenticate(string path)
    {
        var answer = await app.ClientOf().GetAsync(path);

        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        await AssertErrorAsync(answer, HttpStatusCode.Unauthorized, ErrorCodes.Unauthenticated);
    }

    [Fact]
    public async Task ForgedHeader_IsAnonymous()
    {
        var client = app.ClientOf();
        client.DefaultRequestHeaders.Add(CallerToken.HeaderName, "eyJhIjoiMDE5NmQ3YTAifQ.AAAA");

        await AssertErrorAsync(await client.GetAsync("/account"), HttpStatusCode.Unauthorized, ErrorCodes.Unauthenticated);
    }

    [Fact]
    public async Task Account_AnyCredential_Passes() =>
        Assert.Equal("ada", await app.ClientOf(Token(Role.Player)).GetFromJsonAsync<string>("/account"));

    [Fact]
    public async Task Session_WithAToken_IsForbidden() =>
        await AssertErrorAsync(await app.ClientOf(Token(Role.Admin)).GetAsync("/session"), HttpStatusCode.Forbidden, ErrorCodes.Forbidden);

    [Fact]
    public async Task Session_WithASession_Passes() =>
        Assert.Equal(HttpStatusCode.NoContent, (await app.ClientOf(Token(Role.Player) with { Credential = CredentialKind.Session }).GetAsync("/session")).StatusCode);

    [Fact]
    public async Task Owner_AsPlayer_NeedsTheRoleFirst() =>
        await AssertErrorAsync(await app.ClientOf(Token(Role.Player)).GetAsync("/owner"), HttpStatusCode.Forbidden, ErrorCodes.RoleRequired);

    [Fact]
    public async Task Owner_WithoutTheScope_NeedsTheScope() =>
        await AssertErrorAsync(await app.ClientOf(Token(Role.ServerOwner, Scopes.Favorites)).GetAsync("/owner"), HttpStatusCode.Forbidden, ErrorCodes.ScopeRequired);

    [Theory]
    [InlineData(Role.ServerOwner)]
    [InlineData(Role.Admin)]
    public async Task Owner_WithRoleAndScope_Passes(Role role) =>
        Assert.Equal(HttpStatusCode.NoContent, (await app.ClientOf(Token(role, Scopes.PacksWrite)).GetAsync("/owner")).StatusCode);

    private static Caller Token(Role role, params string[] scopes) => new()
    {
        AccountId = Guid.CreateVersion7(), Username = "ada", Role = role, Credential = CredentialKind.Token, Scopes = new HashSet<string>(scopes),
    };

    private static async Task AssertErrorAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<ApiError.Envelope>())?.Code);
    }
}
