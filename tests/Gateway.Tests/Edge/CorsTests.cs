using System.Net;

namespace PackRelay.Gateway.Tests.Edge;

public sealed class CorsTests(GatewayApi api) : IClassFixture<GatewayApi>
{
    private const string Elsewhere = "https://browser.example.org";

    [Fact]
    public async Task Preflight_OfAKnownRoute_IsAnsweredHereWithoutCredentials()
    {
        var name = GatewayApi.NewName();
        using var request = GatewayApi.Request(HttpMethod.Options, $"/api/v1/packs/{name}", origin: Elsewhere);
        request.Headers.Add("Access-Control-Request-Method", "PATCH");
        request.Headers.Add("Access-Control-Request-Headers", "authorization");
        using var answer = await api.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("*", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal("GET, HEAD, POST, PUT, PATCH, DELETE", Header(answer, "Access-Control-Allow-Methods"));
        Assert.Equal("Authorization, Content-Type, If-Match, If-None-Match, Range", Header(answer, "Access-Control-Allow-Headers"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Empty(api.Catalog.Of(name));
    }

    [Fact]
    public async Task Preflight_OfAnUnknownRoute_IsNotFound()
    {
        using var request = GatewayApi.Request(HttpMethod.Options, "/api/v1/nothing", origin: Elsewhere);
        request.Headers.Add("Access-Control-Request-Method", "GET");
        using var answer = await api.SendAsync(request);
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await GatewayApi.ErrorOf(answer));
    }

    [Fact]
    public async Task Options_ThatAreNoPreflight_GoToTheService()
    {
        var name = GatewayApi.NewName();
        using var answer = await api.SendAsync(GatewayApi.Request(HttpMethod.Options, $"/api/v1/packs/{name}"));
        Assert.Single(api.Catalog.Of(name));
    }

    [Theory]
    [InlineData("GET", "/api/v1/packs", false, false, true)]
    [InlineData("HEAD", "/api/v1/packs", false, false, true)]
    [InlineData("GET", "/api/v1/nothing", false, false, true)] // a page may read errors too
    [InlineData("GET", "/api/v1/packs", true, false, true)]
    [InlineData("POST", "/api/v1/packs", true, false, true)]
    [InlineData("POST", "/api/v1/sessions", false, false, false)]
    [InlineData("GET", "/api/v1/me", false, true, false)]
    [InlineData("GET", "/health", false, false, false)]
    public async Task Answer_ToAnotherOrigin_MayBeReadUnlessTheCookieWasSent(string method, string path, bool withToken, bool withSession, bool expected)
    {
        using var answer = await api.SendAsync(GatewayApi.Request(
            new HttpMethod(method), path, withToken ? api.Identity.NewToken().Secret : null, withSession ? "unknown" : null, Elsewhere));

        Assert.Equal(expected, answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        if (!expected) return;
        Assert.Equal("*", Header(answer, "Access-Control-Allow-Origin"));
        foreach (var name in (string[])["ETag", "Link", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Content-Disposition"])
            Assert.Contains(name, Header(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
