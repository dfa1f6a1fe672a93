using System.Net;

namespace PackRelay.Gateway.Tests.Forwarding;

public sealed class RouteTests(GatewayApi api) : IClassFixture<GatewayApi>
{
    [Theory]
    [InlineData("POST", "/api/v1/accounts", "identity")]
    [InlineData("POST", "/api/v1/sessions", "identity")]
    [InlineData("DELETE", "/api/v1/sessions/current", "identity")]
    [InlineData("GET", "/api/v1/me", "identity")]
    [InlineData("PATCH", "/api/v1/me", "identity")]
    [InlineData("POST", "/api/v1/me/server-owner", "identity")]
    [InlineData("GET", "/api/v1/me/tokens", "identity")]
    [InlineData("DELETE", "/api/v1/me/tokens/1", "identity")]
    [InlineData("GET", "/api/v1/me/keys", "catalog")]
    [InlineData("GET", "/api/v1/me/favorites", "catalog")]
    [InlineData("GET", "/api/v1/me/usage", "catalog")]
    [InlineData("DELETE", "/api/v1/me", "identity")]
    [InlineData("POST", "/api/v1/files/multipart/complete", "catalog")]
    [InlineData("GET", "/api/v1/packs", "catalog")]
    [InlineData("GET", "/api/v1/packs/a/manifest/1.0.0", "catalog")]
    [InlineData("POST", "/api/v1/packs/a/versions", "catalog")]
    [InlineData("GET", "/api/v1/packs/a/versions", "catalog")]
    [InlineData("POST", "/api/v1/packs/a/versions/1.0.0/withdraw", "catalog")]
    [InlineData("POST", "/api/v1/packs/heartbeat/favorite", "catalog")]
    [InlineData("POST", "/api/v1/keys", "catalog")]
    [InlineData("GET", "/api/v1/files/exists", "catalog")]
    [InlineData("PUT", "/api/v1/files/put", "catalog")]
    [InlineData("POST", "/api/v1/files/multipart/init", "catalog")]
    [InlineData("POST", "/api/v1/files/multipart/part", "catalog")]
    [InlineData("GET", "/api/v1/frameworks/bepinex/5.4.22", "catalog")]
    [InlineData("GET", "/api/v1/servers", "catalog")]
    [InlineData("PATCH", "/api/v1/servers/a", "catalog")]
    [InlineData("PUT", "/api/v1/servers/a/pack", "catalog")]
    [InlineData("GET", "/api/v1/servers/a/manifest", "catalog")]
    [InlineData("POST", "/api/v1/servers/a/heartbeat", "telemetry")]
    [InlineData("POST", "/api/v1/heartbeats", "telemetry")]
    [InlineData("GET", "/api/v1/servers/a/uptime", "telemetry")]
    [InlineData("GET", "/api/v1/servers/a/players", "telemetry")]
    [InlineData("GET", "/api/v1/servers/a/players.svg", "telemetry")]
    [InlineData("GET", "/api/v1/servers/a/badge.svg", "catalog")]
    [InlineData("GET", "/api/v1/packs/a/badge.svg", "catalog")]
    [InlineData("GET", "/api/v1/stats", "catalog")]
    [InlineData("GET", "/api/v1/servers/a/metrics", "telemetry")]
    [InlineData("HEAD", "/api/v1/servers/a/metrics", "telemetry")]
    [InlineData("POST", "/api/compatibility", "catalog")]
    [InlineData("POST", "/api/compatibility/batch", "catalog")]
    [InlineData("GET", "/api/compatibility", "catalog")]
    [InlineData("GET", "/api/steamgriddb/search/icon/5", "catalog")]
    [InlineData("POST", "/api/packages/metadata-fromhash", "catalog")]
    [InlineData("PUT", "/api/packages/game.mod.name.author/1.0.0", "catalog")]
    [InlineData("PATCH", "/api/packages/game.mod.name.author.win+x64-v3/1.0.0", "catalog")]
    [InlineData("PUT", "/api/games/SonicHeroes", "catalog")]
    [InlineData("GET", "/static/reloaded/search/reloaded3.msgpack.zstd", "catalog")]
    [InlineData("GET", "/api/v1/webhooks", "webhook")]
    [InlineData("GET", "/api/current/", "catalog")]
    [InlineData("POST", "/api/v1/current", "catalog")]
    [InlineData("POST", "/api/get_download_url/", "catalog")]
    [InlineData("POST", "/api/v1/get_file/", "catalog")]
    [InlineData("GET", "/api/get_server_message/", "catalog")]
    [InlineData("POST", "/api/v1/delete_ad/", "catalog")]
    [InlineData("POST", "/api/auth/", "identity")]
    [InlineData("POST", "/api/v1/check_token", "identity")]
    [InlineData("DELETE", "/api/v1/admin/messages/1", "catalog")]
    [InlineData("POST", "/api/v1/webhooks/1/deliveries/2/redeliver", "webhook")]
    public async Task Forward_KnownPath_ReachesItsServiceUnchanged(string method, string path, string service)
    {
        var target = $"{path}?mark={GatewayApi.NewName()}&q=a%20b%2Fc";
        using var answer = await api.SendAsync(GatewayApi.Request(new HttpMethod(method), target));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var arrival = Assert.Single(api.BackendOf(service).Of(target));
        Assert.Equal((method, target), (arrival.Method, arrival.Target));
    }

    [Theory]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v1")]
    [InlineData("/api/v2/packs")]
    [InlineData("/api/v1/packsx")]
    [InlineData("/api/v1/me/nothing")]
    [InlineData("/api/v1/accounts/1")]
    [InlineData("/internal/callers")]
    [InlineData("/internal/servers/a")]
    [InlineData("/api/internal/callers")]
    [InlineData("/")]
    [InlineData("/favicon.ico")]
    public async Task Forward_UnknownPath_IsANativeNotFound(string path)
    {
        using var read = await api.GetAsync(path);
        using var write = await api.SendAsync(GatewayApi.Request(HttpMethod.Post, path));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await GatewayApi.ErrorOf(read));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await GatewayApi.ErrorOf(write));
    }

    [Theory]
    [InlineData("//")]
    [InlineData("//api/v1/packs")]
    [InlineData("/api/v1//packs")]
    public async Task Forward_DoubledSlash_IsANativeNotFound(string target)
    {
        var answer = await RawHttp.GetAsync(api.Url, target);
        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"not_found\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/keys/dark.rising%2Fmain-{0}")]
    [InlineData("/api/v1/keys/dark.rising%2fmain-{0}")]
    [InlineData("/api/v1/keys/dark.rising/main-{0}")]
    public async Task Forward_KeyId_ArrivesAsItWasSent(string pattern)
    {
        var target = string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, GatewayApi.NewName());
        var answer = await RawHttp.GetAsync(api.Url, target);

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(target, Assert.Single(api.Catalog.Of(target)).Target);
    }

    [Theory]
    [InlineData("/api/v1/packs/../../../internal/callers")]
    [InlineData("/api/v1/packs/%2e%2e/%2e%2e/%2e%2e/internal/callers")]
    [InlineData("/api/v1/packs/%252e%252e/%252e%252e/%252e%252e/internal/callers")]
    [InlineData("/api/v1/packs/..%2f..%2f..%2finternal%2fcallers/../x")]
    [InlineData("/api/v1/packs/..%5c..%5cinternal")]
    [InlineData("/api/v1/packs/..\\..\\internal")]
    [InlineData("/api/v1/packs/a%252Fb")]
    [InlineData("/api/v1/packs/./a")]
    [InlineData("/api/v1/packs/a%00")]
    public async Task Forward_AmbiguousPath_ReachesNobody(string target)
    {
        var before = Everything();
        var answer = await RawHttp.GetAsync(api.Url, target);

        Assert.Matches("^HTTP/1.1 40[04] ", answer); // 400 where the server itself refuses the target
        Assert.Equal(before, Everything());
    }

    [Theory]
    [InlineData("GET /api/v1/packs HTTP/1.1\r\nHost: {0}\r\nHost: other\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /api/v1/packs HTTP/1.1\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /api/v1/packs HTTP/1.1\r\nHost: {0}\r\nContent-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\nabcde")]
    [InlineData("POST /api/v1/packs HTTP/1.1\r\nHost: {0}\r\nTransfer-Encoding: xchunked\r\nConnection: close\r\n\r\n0\r\n\r\n")]
    [InlineData("GET /api/v1/packs HTTP/1.1\r\nHost: {0}\r\nX-A : b\r\nConnection: close\r\n\r\n")]
    public async Task Forward_RequestThatCouldBeReadTwoWays_IsRefused(string head)
    {
        var before = Everything();
        var answer = await RawHttp.SendAsync(api.Url, string.Format(System.Globalization.CultureInfo.InvariantCulture, head, api.Url.Authority));

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task Forward_ServiceAnswersAnError_PassesItOnAsItIs()
    {
        var name = GatewayApi.NewName();
        var answers = api.Catalog.Handler;
        api.Catalog.Handler = context =>
        {
            context.Response.StatusCode = 405;
            context.Response.Headers.Allow = "GET";
            context.Response.ContentType = "application/json";
            return Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, """{"error":"no","code":"method_not_allowed"}""");
        };
        using var answer = await api.SendAsync(GatewayApi.Request(HttpMethod.Delete, $"/api/v1/packs/{name}"));
        api.Catalog.Handler = answers;

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "method_not_allowed"), await GatewayApi.ErrorOf(answer));
        Assert.Equal("GET", answer.Content.Headers.Allow.Single());
    }

    [Fact]
    public async Task Health_OfTheGateway_IsAnsweredHere()
    {
        using var health = await api.GetAsync("/health");
        using var alive = await api.GetAsync("/alive");
        using var up = await api.GetAsync("/up"); // as a Technic Solder has it
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK), (health.StatusCode, alive.StatusCode, up.StatusCode));
        Assert.False(health.Headers.Contains("RateLimit-Limit"));
    }

    private int Everything() => api.Identity.Backend.Arrivals.Count + api.Catalog.Arrivals.Count + api.Telemetry.Arrivals.Count + api.BackendOf("webhook").Arrivals.Count;
}
