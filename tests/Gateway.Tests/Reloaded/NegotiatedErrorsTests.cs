using System.Net;
using System.Text.Json;
using PackRelay.Testing.Http;

namespace PackRelay.Gateway.Tests.Reloaded;

/// <summary>What the gateway itself refuses on the routes of the Reloaded-III dialect is in the format that the request asks for.</summary>
public sealed class NegotiatedErrorsTests(NegotiatedErrorsTests.LowLimit api) : IClassFixture<NegotiatedErrorsTests.LowLimit>
{
    public enum Refusal
    {
        Limit,
        Token,
        Length,
        Outage,
    }

    public static TheoryData<Refusal> All => [.. Enum.GetValues<Refusal>()];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Refusal_WithoutAFormat_IsMessagePackInZstandard(Refusal kind)
    {
        using var answer = await RefuseAsync(kind, "");
        Assert.Equal(("application/msgpack", "zstd"), (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentEncoding.Single()));
        Expect(kind, answer, (await NodeMessagePack.DecodeAsync([(await answer.Content.ReadAsByteArrayAsync(), true)]))[0]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Refusal_AskedForAsJson_IsJson(Refusal kind)
    {
        using var answer = await RefuseAsync(kind, "?format=json");
        Assert.Equal(("application/json", 0), (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentEncoding.Count));
        Expect(kind, answer, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Refusal_AskedForWithoutZstandard_IsPlainMessagePack()
    {
        using var request = GatewayApi.Request(HttpMethod.Get, "/api/games", GatewayApi.NewName());
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var answer = await api.SendAsync(request);
        Assert.Equal(("application/msgpack", 0), (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentEncoding.Count));
        Expect(Refusal.Token, answer, (await NodeMessagePack.DecodeAsync([(await answer.Content.ReadAsByteArrayAsync(), false)]))[0]);
    }

    [Fact]
    public async Task Refusal_OfOtherRoutes_IsJson()
    {
        using var answer = await api.GetAsync("/api/v1/packs", GatewayApi.NewName());
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), await GatewayApi.ErrorOf(answer));
        Assert.Empty(answer.Headers.Vary);
    }

    private static void Expect(Refusal kind, HttpResponseMessage answer, string json)
    {
        var (status, code) = kind switch
        {
            Refusal.Limit => (HttpStatusCode.TooManyRequests, "rate_limited"),
            Refusal.Token => (HttpStatusCode.Unauthorized, "invalid_token"),
            Refusal.Length => (HttpStatusCode.RequestEntityTooLarge, "too_large"),
            _ => (HttpStatusCode.BadGateway, "bad_gateway"),
        };
        var error = JsonDocument.Parse(json).RootElement;
        Assert.Equal(["error", "code"], error.EnumerateObject().Select(member => member.Name));
        Assert.Equal((status, code), (answer.StatusCode, error.GetProperty("code").GetString()));
        Assert.NotEmpty(error.GetProperty("error").GetString()!);
        Assert.Equal(["Accept", "Accept-Encoding"], answer.Headers.Vary);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    private async Task<HttpResponseMessage> RefuseAsync(Refusal kind, string query)
    {
        var address = api.NewAddress();
        if (kind == Refusal.Limit) (await api.SendAsync(From(address, HttpMethod.Post, "/api/compatibility"))).Dispose();
        using var request = kind switch
        {
            Refusal.Limit => From(address, HttpMethod.Post, "/api/compatibility" + query),
            Refusal.Token => From(address, HttpMethod.Get, "/api/games" + query, GatewayApi.NewName()),
            Refusal.Length => From(address, HttpMethod.Post, "/api/packages/metadata" + query),
            _ => From(address, HttpMethod.Post, "/api/packages/check-updates" + query),
        };
        if (kind == Refusal.Length) request.Content = new ByteArrayContent(new byte[(1024 * 1024) + 1]);
        if (kind == Refusal.Outage) api.Catalog.Handler = context => { context.Abort(); return Task.CompletedTask; };
        return await api.SendAsync(request);
    }

    private static HttpRequestMessage From(string address, HttpMethod method, string path, string? token = null)
    {
        var request = GatewayApi.Request(method, path, token);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", address);
        return request;
    }

    public sealed class LowLimit : GatewayBehindProxy
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["RateLimits:Reports:PermitPerMinute"] = "1";
        }
    }
}
