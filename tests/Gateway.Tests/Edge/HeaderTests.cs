using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.Gateway.Tests.Edge;

public sealed class HeaderTests(GatewayApi api) : IClassFixture<GatewayApi>
{
    [Fact]
    public async Task Forward_WithForgedHeaders_DropsThemAndSaysWhatTheGatewaySaw()
    {
        var name = GatewayApi.NewName();
        using var request = GatewayApi.Request(HttpMethod.Get, $"/api/v1/packs/{name}");
        // Even a header signed with the right key, caught somewhere, is not taken from outside.
        request.Headers.Add(CallerToken.HeaderName, api.Identity.Tokens.Write(api.Identity.NewToken().Caller));
        foreach (var forged in (string[])["X-PackRelay-Account", "x-packrelay-role", "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Real-IP", "X-Original-For"])
            request.Headers.TryAddWithoutValidation(forged, "192.0.2.66");
        request.Headers.Add("X-Custom", "kept");
        using var answer = await api.SendAsync(request);

        var headers = Assert.Single(api.Catalog.Of(name)).Headers;
        Assert.Equal(("127.0.0.1", "http", api.Url.Authority), (headers["X-Forwarded-For"], headers["X-Forwarded-Proto"], headers["X-Forwarded-Host"]));
        Assert.Equal("kept", headers["X-Custom"]);
        Assert.DoesNotContain(headers.Keys, key => key.StartsWith("X-PackRelay-", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(headers.Values, value => value.Contains("192.0.2.66", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Forward_WithCredentials_GivesThemToIdentityOnly()
    {
        var name = GatewayApi.NewName();
        var (token, _) = api.Identity.NewToken();
        using var read = await api.SendAsync(GatewayApi.Request(HttpMethod.Get, $"/api/v1/packs/{name}", token, "some-session"));
        using var me = await api.SendAsync(GatewayApi.Request(HttpMethod.Get, $"/api/v1/me?{name}", token, "some-session"));

        var catalog = Assert.Single(api.Catalog.Of(name)).Headers;
        var identity = Assert.Single(api.Identity.Backend.Of(name)).Headers;
        Assert.False(catalog.ContainsKey("Authorization") || catalog.ContainsKey("Cookie"));
        Assert.Equal(($"Bearer {token}", "theme=dark; packrelay_session=some-session"), (identity["Authorization"], identity["Cookie"]));
    }

    [Theory]
    [InlineData("CONNECT", "", "HTTP/1.1 405", "method_not_allowed")]
    [InlineData("POST", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "HTTP/1.1 400", "invalid_request")]
    public async Task Request_ThatCouldHideAnother_IsRefusedAndNotForwarded(string method, string headers, string status, string code)
    {
        var name = GatewayApi.NewName();
        var answer = await RawHttp.SendAsync(api.Url, $"{method} /api/v1/packs/{name} HTTP/1.1\r\nHost: {api.Url.Authority}\r\nConnection: close\r\n{headers}\r\n0\r\n\r\n");

        Assert.StartsWith(status, answer, StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{code}\"", answer, StringComparison.Ordinal);
        Assert.Empty(api.Catalog.Of(name));
    }

    [Theory]
    [InlineData("/api/v1/packs")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/health")]
    public async Task Answer_FromAnywhere_ForbidsSniffingAndNamesNoServer(string path)
    {
        using var answer = await api.GetAsync(path);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(answer.Headers.Contains("Server"));
    }
}

public sealed class TrustedProxyTests(GatewayBehindProxy api) : IClassFixture<GatewayBehindProxy>
{
    [Theory]
    [InlineData("198.51.100.7", "198.51.100.7")]
    [InlineData("192.0.2.1, 198.51.100.7", "198.51.100.7")] // what the client wrote itself stands before
    [InlineData("198.51.100.7, 203.0.113.9", "198.51.100.7")] // a second trusted proxy
    [InlineData("nonsense", "127.0.0.1")]
    public async Task Forward_FromATrustedProxy_BelievesTheLastUntrustedAddress(string forwardedFor, string expected)
    {
        var name = GatewayApi.NewName();
        using var request = GatewayApi.Request(HttpMethod.Get, $"/api/v1/packs/{name}");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "hub.example.org");
        using var answer = await api.SendAsync(request);

        var headers = Assert.Single(api.Catalog.Of(name)).Headers;
        Assert.Equal(expected, headers["X-Forwarded-For"]);
        Assert.DoesNotContain(headers.Keys, key => key.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase));
    }
}
