using System.Net;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.Gateway.Tests.Callers;

public sealed class CallerTests(GatewayApi api) : IClassFixture<GatewayApi>
{
    private readonly string path = $"/api/v1/packs/{GatewayApi.NewName()}";

    [Theory]
    [InlineData(CredentialKind.Token)]
    [InlineData(CredentialKind.Session)]
    public async Task Forward_WithAGoodCredential_TellsTheServiceWhoCalls(CredentialKind kind)
    {
        var (secret, caller) = api.Identity.NewToken(kind);
        using var answer = kind == CredentialKind.Token ? await api.GetAsync(path, token: secret) : await api.GetAsync(path, session: secret);

        Assert.True(api.Identity.Tokens.TryRead(Assert.Single(api.Catalog.Of(path)).Headers[CallerToken.HeaderName], out var told));
        Assert.Equal((caller.AccountId, caller.CredentialId, caller.Role, kind), (told.AccountId, told.CredentialId, told.Role, told.Credential));
        Assert.Equal(caller.Scopes, told.Scopes);
    }

    [Fact]
    public async Task Forward_Anonymous_SaysNothingOfACaller()
    {
        using var answer = await api.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(Assert.Single(api.Catalog.Of(path)).Headers.ContainsKey(CallerToken.HeaderName));
    }

    [Theory]
    [InlineData("/api/v1/packs")]
    [InlineData("/api/v1/me")]
    [InlineData("/api/v1/sessions")]
    [InlineData("/api/v1/webhooks")]
    [InlineData("/api/v1/servers/a/metrics")]
    public async Task Forward_WithAnUnknownToken_IsRefusedOnEveryRoute(string route)
    {
        using var answer = await api.GetAsync(route, token: $"prl_{GatewayApi.NewName()}");
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), await GatewayApi.ErrorOf(answer));
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        Assert.True(answer.Headers.Contains("RateLimit-Limit"));
    }

    [Fact]
    public async Task Forward_WithAnUnknownSession_GoesOnAnonymously()
    {
        using var answer = await api.GetAsync(path, session: GatewayApi.NewName());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(Assert.Single(api.Catalog.Of(path)).Headers.ContainsKey(CallerToken.HeaderName));
    }

    [Fact]
    public async Task Forward_WithASecretOfImpossibleLength_DoesNotAskIdentity()
    {
        var secret = new string('a', 2_000);
        using var answer = await api.GetAsync(path, token: secret);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), await GatewayApi.ErrorOf(answer));
        Assert.Equal(0, api.Identity.QuestionsAbout(secret));
    }

    [Fact]
    public async Task Forward_WithTokenAndCookie_TakesTheToken()
    {
        var (token, caller) = api.Identity.NewToken();
        var (session, _) = api.Identity.NewToken(CredentialKind.Session);
        using var answer = await api.GetAsync(path, token, session);

        Assert.True(api.Identity.Tokens.TryRead(Assert.Single(api.Catalog.Of(path)).Headers[CallerToken.HeaderName], out var told));
        Assert.Equal(caller.CredentialId, told.CredentialId);
    }

    [Fact]
    public async Task Forward_WithATokenSentAsCookie_DoesNotTakeItForASession()
    {
        var (token, _) = api.Identity.NewToken();
        using var first = await api.GetAsync(path, token: token);
        using var second = await api.GetAsync(path, session: token);
        Assert.False(api.Catalog.Of(path)[1].Headers.ContainsKey(CallerToken.HeaderName));
    }

    [Theory]
    [InlineData("Authorization: Bearer a\r\nAuthorization: Bearer b")]
    [InlineData("Authorization: Bearer a, Bearer b")]
    [InlineData("Authorization: Bearer")]
    [InlineData("Authorization: Bearer ")]
    [InlineData("Authorization: Basic YTpi")]
    [InlineData("Authorization: prl_abc")]
    [InlineData("Authorization:")]
    public async Task Forward_WithAMalformedAuthorization_IsABadRequest(string header)
    {
        var answer = await RawHttp.SendAsync(api.Url, $"GET {path} HTTP/1.1\r\nHost: {api.Url.Authority}\r\n{header}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"invalid_request\"", answer, StringComparison.Ordinal);
        Assert.Empty(api.Catalog.Of(path));
    }

    [Theory]
    [InlineData("POST", "https://evil.example.org", false)]
    [InlineData("DELETE", "null", false)]
    [InlineData("PATCH", "http://localhost", false)] // another port is another origin
    [InlineData("POST", "http://localhost:8080", true)] // Hub:PublicUrl
    [InlineData("POST", "self", true)]
    [InlineData("POST", null, true)]
    [InlineData("GET", "https://evil.example.org", true)]
    public async Task Forward_WithASession_TakesChangesFromOurOwnPagesOnly(string method, string? origin, bool expected)
    {
        var (session, _) = api.Identity.NewToken(CredentialKind.Session);
        if (origin == "self") origin = api.Url.GetLeftPart(UriPartial.Authority);
        using var answer = await api.SendAsync(GatewayApi.Request(new HttpMethod(method), path, session: session, origin: origin));

        Assert.Equal(expected ? 1 : 0, api.Catalog.Of(path).Length);
        if (!expected) Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), await GatewayApi.ErrorOf(answer));
    }

    [Fact]
    public async Task Forward_WithAToken_TakesChangesFromAnyOrigin()
    {
        using var answer = await api.SendAsync(GatewayApi.Request(HttpMethod.Post, path, api.Identity.NewToken().Secret, "a-session", "https://evil.example.org"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
