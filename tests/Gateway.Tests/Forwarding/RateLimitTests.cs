using System.Globalization;
using System.Net;

namespace PackRelay.Gateway.Tests.Forwarding;

public sealed class RateLimitTests(RateLimitTests.LowLimits api) : IClassFixture<RateLimitTests.LowLimits>
{
    [Fact]
    public async Task Forward_AnonymousOverTheLimit_Is429WithHeaders()
    {
        var address = api.NewAddress();
        for (var remaining = 2; remaining >= 0; remaining--)
        {
            using var allowed = await SendAsync(HttpMethod.Get, "/api/v1/packs", address);
            Assert.Equal((HttpStatusCode.OK, "3", $"{remaining}"), (allowed.StatusCode, Header(allowed, "RateLimit-Limit"), Header(allowed, "RateLimit-Remaining")));
            Assert.InRange(int.Parse(Header(allowed, "RateLimit-Reset"), CultureInfo.InvariantCulture), 0, 60);
        }

        using var refused = await SendAsync(HttpMethod.Get, "/api/v1/packs", address);
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited"), await GatewayApi.ErrorOf(refused));
        Assert.Equal(("3", "0"), (Header(refused, "RateLimit-Limit"), Header(refused, "RateLimit-Remaining")));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(120));
        Assert.Equal("*", Header(refused, "Access-Control-Allow-Origin"));

        using var elsewhere = await SendAsync(HttpMethod.Get, "/api/v1/packs", api.NewAddress());
        Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode);
    }

    [Fact]
    public async Task Forward_WithTokens_CountsTheAccountWhateverTokenOrAddress()
    {
        var (first, caller) = api.Identity.NewToken();
        var second = GatewayApi.NewName();
        api.Identity.Know(second, caller with { CredentialId = Guid.NewGuid() });
        foreach (var token in (string[])[first, second, first, second, first])
        {
            using var allowed = await SendAsync(HttpMethod.Get, "/api/v1/packs", api.NewAddress(), token);
            Assert.Equal((HttpStatusCode.OK, "5"), (allowed.StatusCode, Header(allowed, "RateLimit-Limit")));
        }

        using var refused = await SendAsync(HttpMethod.Get, "/api/v1/packs", api.NewAddress(), second);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        using var other = await SendAsync(HttpMethod.Get, "/api/v1/packs", api.NewAddress(), api.Identity.NewToken().Secret);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/sessions", 2)]
    [InlineData("/api/auth/", 2)]
    [InlineData("/api/v1/check_token", 2)]
    [InlineData("/api/v1/me/password", 2)]
    [InlineData("/api/packs/draft-seed", 1)]
    [InlineData("/api/compatibility?format=json", 4)]
    [InlineData("/api/compatibility/batch?format=json", 4)]
    public async Task Forward_RouteWithALimitOfItsOwn_CountsThatOnePerAddress(string path, int limit)
    {
        var address = api.NewAddress();
        for (var i = 0; i < limit; i++)
        {
            using var allowed = await SendAsync(HttpMethod.Post, path, address);
            Assert.Equal((HttpStatusCode.OK, $"{limit}"), (allowed.StatusCode, Header(allowed, "RateLimit-Limit")));
        }

        using var refused = await SendAsync(HttpMethod.Post, path, address);
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited"), await GatewayApi.ErrorOf(refused));
        using var elsewhere = await SendAsync(HttpMethod.Get, "/api/v1/packs", address);
        Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode); // counted apart
    }

    [Fact]
    public async Task Forward_OtherMethodsOfSignIn_DoNotCountAsAttempts()
    {
        var address = api.NewAddress();
        for (var i = 0; i < 2; i++)
        {
            using var read = await SendAsync(HttpMethod.Get, "/api/v1/sessions", address);
            Assert.Equal((HttpStatusCode.OK, "3"), (read.StatusCode, Header(read, "RateLimit-Limit")));
        }

        using var attempt = await SendAsync(HttpMethod.Post, "/api/v1/sessions", address);
        Assert.Equal((HttpStatusCode.OK, "2"), (attempt.StatusCode, Header(attempt, "RateLimit-Limit")));
    }

    [Fact]
    public async Task Forward_ReadingReports_IsNotReporting()
    {
        using var read = await SendAsync(HttpMethod.Get, "/api/compatibility?packageId=a.b", api.NewAddress());
        Assert.Equal((HttpStatusCode.OK, "3"), (read.StatusCode, Header(read, "RateLimit-Limit"))); // as any anonymous request
    }

    [Fact]
    public async Task Forward_DraftSeeds_CountPerAddressWhoeverLeavesThemAndNotWhenClaimed()
    {
        const string Path = "/api/packs/draft-seed";
        var (address, token) = (api.NewAddress(), api.Identity.NewToken().Secret);
        for (var i = 0; i < 2; i++)
        {
            using var claimed = await SendAsync(HttpMethod.Get, $"{Path}/a", address);
            Assert.Equal((HttpStatusCode.OK, "3"), (claimed.StatusCode, Header(claimed, "RateLimit-Limit"))); // as any anonymous request
        }

        using var left = await SendAsync(HttpMethod.Post, Path, address, token);
        Assert.Equal((HttpStatusCode.OK, "1"), (left.StatusCode, Header(left, "RateLimit-Limit")));
        foreach (var credentials in new[] { null, token, api.Identity.NewToken().Secret })
        {
            using var refused = await SendAsync(HttpMethod.Post, Path, address, credentials);
            Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited"), await GatewayApi.ErrorOf(refused));
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(120));
        }
    }

    [Fact]
    public async Task Forward_UnknownTokens_AreCountedForTheAddress()
    {
        var address = api.NewAddress();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            using var answer = await SendAsync(HttpMethod.Get, "/api/v1/packs", address, GatewayApi.NewName());
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.Unauthorized, 3), HttpStatusCode.TooManyRequests], statuses);
    }

    [Fact]
    public async Task Forward_Heartbeats_CountOnlyWithoutCredentials()
    {
        const string Path = "/api/v1/servers/a/heartbeat";
        var (token, _) = api.Identity.NewToken();
        for (var i = 0; i < 10; i++)
        {
            using var beat = await SendAsync(HttpMethod.Post, Path, api.NewAddress(), token);
            Assert.Equal((HttpStatusCode.OK, ""), (beat.StatusCode, Header(beat, "RateLimit-Limit")));
        }

        var address = api.NewAddress();
        for (var i = 0; i < 3; i++) (await SendAsync(HttpMethod.Post, Path, address)).Dispose();
        using var refused = await SendAsync(HttpMethod.Post, Path, address);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task Forward_ServiceRefusesByItsOwnLimit_KeepsTheServicesHeaders()
    {
        api.Telemetry.Handler = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers["RateLimit-Limit"] = "77";
            context.Response.Headers.RetryAfter = "4";
            return Task.CompletedTask;
        };
        using var answer = await SendAsync(HttpMethod.Get, "/api/v1/servers/a/metrics", api.NewAddress());
        Assert.Equal(("77", "4"), (Header(answer, "RateLimit-Limit"), Header(answer, "Retry-After")));
        api.Telemetry.Handler = _ => Task.CompletedTask;
    }

    [Fact]
    public async Task Forward_ThroughTwoGateways_CountsTogether()
    {
        var second = new SecondGateway(api);
        await second.InitializeAsync();
        var (address, statuses) = (api.NewAddress(), new List<HttpStatusCode>());
        for (var i = 0; i < 2; i++)
        {
            foreach (var gateway in (GatewayApi[])[api, second])
            {
                using var answer = await SendAsync(HttpMethod.Get, "/api/v1/packs", address, through: gateway);
                statuses.Add(answer.StatusCode);
            }
        }

        await second.DisposeAsync();
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string address, string? token = null, GatewayApi? through = null)
    {
        using var request = GatewayApi.Request(method, path, token);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", address);
        return await (through ?? api).SendAsync(request);
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : "";

    public class LowLimits : GatewayBehindProxy
    {
        public string RedisConnection { get; private set; } = "";

        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            RedisConnection = settings["ConnectionStrings:cache"]!;
            settings["RateLimits:Anonymous:PermitPerMinute"] = "3";
            settings["RateLimits:Token:PermitPerMinute"] = "5";
            settings["RateLimits:SignInPerAddress:PermitPerMinute"] = "2";
            settings["RateLimits:DraftSeeds:PermitPerMinute"] = "1";
            settings["RateLimits:Reports:PermitPerMinute"] = "4";
        }
    }

    private sealed class SecondGateway(LowLimits first) : LowLimits
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["ConnectionStrings:cache"] = first.RedisConnection;
        }
    }
}

public sealed class RateLimitWithoutRedisTests(RateLimitWithoutRedisTests.NoRedis api) : IClassFixture<RateLimitWithoutRedisTests.NoRedis>
{
    [Fact]
    public async Task Forward_WithoutRedis_GoesOnWithALimitOfItsOwn()
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            using var answer = await api.GetAsync("/api/v1/packs");
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
        using var health = await api.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    public sealed class NoRedis : RateLimitTests.LowLimits
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["ConnectionStrings:cache"] = "127.0.0.1:1"; // nobody listens there
        }
    }
}
