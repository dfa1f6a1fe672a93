using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using PackRelay.Contracts;
using PackRelay.Gateway.Answers;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.Gateway.Tests.Solder;

/// <summary>What the gateway does for the Solder dialect: its credentials, envelope, headers and limits, and answers that are kept.</summary>
public sealed class SolderTests(GatewayApi api) : IClassFixture<GatewayApi>
{
    private readonly string path = $"/api/modpack/{GatewayApi.NewName()}";

    [Theory]
    [InlineData("?k={0}")]
    [InlineData("?cid=unknown&k={0}")]
    public async Task Read_WithAKey_TellsTheService(string query)
    {
        var key = NewKey();
        using var answer = await api.GetAsync(path + query.Replace("{0}", key, StringComparison.Ordinal));
        var told = ToldOf(Assert.Single(api.Catalog.Of(path)));
        Assert.True(told!.Solder.HasKey);
        Assert.True(told.IsAnonymous); // natively it is nobody
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task Read_WithAClient_TellsTheServiceItsModpacks()
    {
        var client = GatewayApi.NewName();
        api.Identity.Know(client, new Caller { Credential = CredentialKind.SolderClient, CredentialId = Guid.NewGuid(), Solder = SolderGrants.None with { ClientModpacks = [3, 5] } });
        using var answer = await api.GetAsync($"{path}?cid={client}");
        Assert.Equal([3, 5], ToldOf(Assert.Single(api.Catalog.Of(path)))!.Solder.ClientModpacks);
    }

    [Theory]
    [InlineData("application/json", """{"k":"{0}"}""")]
    [InlineData("application/x-www-form-urlencoded", "k={0}")]
    public async Task Read_WithAKeyInTheBody_TellsTheService(string type, string body)
    {
        var request = GatewayApi.Request(HttpMethod.Get, path);
        request.Content = new StringContent(body.Replace("{0}", NewKey(), StringComparison.Ordinal), Encoding.UTF8, type);
        using var answer = await api.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(ToldOf(Assert.Single(api.Catalog.Of(path)))!.Solder.HasKey);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "abc")]
    [InlineData("multipart/form-data", "--x--")]
    [InlineData("application/json", "{")]
    [InlineData("application/json", """{"k":"\ud800"}""")]
    public async Task Read_WithABrokenBody_IsAnybodys(string type, string body)
    {
        var request = GatewayApi.Request(HttpMethod.Get, path);
        request.Content = new StringContent(body);
        request.Content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        using var answer = await api.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(ToldOf(Assert.Single(api.Catalog.Of(path))));
    }

    [Fact]
    public async Task Read_WithUnknownCredentials_IsAnybodys()
    {
        using var answer = await api.GetAsync($"{path}?k=unknown&cid=unknown");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(ToldOf(Assert.Single(api.Catalog.Of(path))));
    }

    [Fact]
    public async Task Account_IsToldWithItsFlagsOnRoutesOfTheDialectOnly()
    {
        var (token, caller) = api.Identity.NewToken();
        api.Identity.Know(token, caller with { Solder = SolderGrants.None with { Flags = ["mods_create"], Modpacks = ["a"] } });
        var native = $"/api/v1/packs/{GatewayApi.NewName()}";
        foreach (var route in new[] { path, native, $"/api/token/{path[^32..]}" }) (await api.GetAsync(route, token)).Dispose();
        var told = ToldOf(Assert.Single(api.Catalog.Of(path)))!;
        Assert.Equal((caller.AccountId, "mods_create", "a"), (told.AccountId, told.Solder.Flags.Single(), told.Solder.Modpacks.Single()));
        Assert.Empty(ToldOf(Assert.Single(api.Catalog.Of(native)))!.Solder.Flags);
        var toIdentity = ToldOf(Assert.Single(api.Identity.Backend.Of("/api/token/" + path[^32..])))!;
        Assert.Equal((1, 0), (toIdentity.Solder.Flags.Count, toIdentity.Solder.Modpacks.Count));
    }

    [Fact]
    public async Task Key_OnANativeRoute_IsNothing()
    {
        var native = $"/api/v1/packs/{GatewayApi.NewName()}";
        using var answer = await api.GetAsync($"{native}?k={NewKey()}");
        Assert.Null(ToldOf(Assert.Single(api.Catalog.Of(native))));
    }

    [Fact]
    public async Task Errors_OfTheGateway_HaveTheDialectsEnvelope()
    {
        using var unknown = await api.GetAsync(path, token: "prl_unknown");
        Assert.Equal((HttpStatusCode.Unauthorized, """{"error":"Unauthenticated.","message":"Unauthenticated."}"""), (unknown.StatusCode, await unknown.Content.ReadAsStringAsync()));
        using var nowhere = await api.GetAsync("/api/minecraft/unknown");
        Assert.Equal(
            (HttpStatusCode.NotFound, """{"error":"The route api/minecraft/unknown could not be found.","message":"The route api/minecraft/unknown could not be found."}"""),
            (nowhere.StatusCode, await nowhere.Content.ReadAsStringAsync()));
        using var native = await api.GetAsync("/api/v1/unknown");
        Assert.Contains("\"code\":\"not_found\"", await native.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_CarrySoldersHeadersBesideOurs()
    {
        using var answer = await api.GetAsync(path);
        Assert.Equal(answer.Headers.GetValues("RateLimit-Limit"), answer.Headers.GetValues("X-RateLimit-Limit"));
        Assert.Equal(answer.Headers.GetValues("RateLimit-Remaining"), answer.Headers.GetValues("X-RateLimit-Remaining"));
        foreach (var (name, value) in new[]
        {
            ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "SAMEORIGIN"), ("Referrer-Policy", "strict-origin-when-cross-origin"),
            ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"), ("Access-Control-Allow-Origin", "*"),
        })
            Assert.Equal(value, answer.Headers.GetValues(name).Single());
        using var native = await api.GetAsync("/api/v1/packs");
        Assert.False(native.Headers.Contains("X-RateLimit-Limit"));
    }

    [Theory]
    [InlineData("/api", "catalog")]
    [InlineData("/api/", "catalog")]
    [InlineData("/api/modpack", "catalog")]
    [InlineData("/api/modpack/a/b/mod/c", "catalog")]
    [InlineData("/api/mod/a/1.0/file", "catalog")]
    [InlineData("/api/minecraft/refresh", "catalog")]
    [InlineData("/mirror/mods/a/a-1.zip", "catalog")]
    [InlineData("/api/verify/abc", "identity")]
    [InlineData("/api/token/5", "identity")]
    [InlineData("/api/client/abc", "identity")]
    public async Task Route_LeadsToItsService(string route, string service)
    {
        using var answer = await api.GetAsync(route);
        Assert.Equal(service, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/api/modpack", "full", "pack a")]
    [InlineData("/api/modpack/A", null, "pack a")]
    [InlineData("/api/modpack/A/1.0", "mods", "pack a")]
    [InlineData("/api/modpack/A/1.0", "mods", "solder builds")]
    [InlineData("/api/mod/x/1.0", null, "solder mods")]
    public void Read_IsKeptUntilWhatItIsAboutChanges(string route, string? include, string tag)
    {
        Assert.True(AnswerRules.TryFind(route, out var rule, out var tags));
        Assert.Equal((Audience.Anonymous, include, true), (rule.Audience, rule.Include, rule.IgnoresQuery));
        var changed = tag.StartsWith("pack", StringComparison.Ordinal) ? AnswerRules.Changed("/api/modpack/A/1.0/mod") : AnswerRules.Changed("/api/mod/x");
        Assert.Contains(tag, changed);
        Assert.True(changed.Contains(tags.First) || changed.Contains(tags.Second), $"{tags}");
    }

    [Fact]
    public async Task KeptAnswer_IsNeverAnotherCredentials()
    {
        var key = NewKey();
        api.Catalog.Handler = async context =>
        {
            context.Response.ContentType = "application/json";
            var isOpen = context.Request.Headers.TryGetValue(CallerToken.HeaderName, out var header) && api.Identity.Tokens.TryRead(header, out var caller) && caller.Solder.HasKey;
            if (!isOpen && context.Request.Path.Value!.EndsWith("private", StringComparison.Ordinal)) context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync($$"""{"open":{{(isOpen ? "true" : "false")}},"of":{{api.Catalog.Of(context.Request.Path.Value!).Length}}}""");
        };
        var (open, closed) = ("""{"open":true""", """{"open":false""");
        Assert.StartsWith(open, await TextAsync($"{path}?k={key}"), StringComparison.Ordinal);
        var kept = await TextAsync(path);
        Assert.StartsWith(closed, kept, StringComparison.Ordinal);
        Assert.Equal(kept, await TextAsync(path)); // from memory
        Assert.Equal(kept, await TextAsync($"{path}?cid=unknown&k=unknown")); // as nearly every launcher asks
        Assert.Equal(kept, await TextAsync($"{path}?include=full")); // which this route does not look at
        Assert.StartsWith(open, await TextAsync($"{path}?k={key}"), StringComparison.Ordinal);

        var hidden = path + "private";
        Assert.StartsWith(open, await TextAsync($"{hidden}?k={key}"), StringComparison.Ordinal);
        using var refused = await api.GetAsync(hidden);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);

        await api.PublishAsync(new SolderBuildsChanged(Guid.NewGuid(), DateTimeOffset.UnixEpoch, path["/api/modpack/".Length..]));
        await api.WaitUntilAsync(async () => await TextAsync(path) != kept, TimeSpan.FromSeconds(30), "another gateway's change evicts the answer");
    }

    private string NewKey()
    {
        var key = GatewayApi.NewName();
        api.Identity.Know(key, new Caller { Credential = CredentialKind.SolderKey, CredentialId = Guid.NewGuid(), Solder = SolderGrants.None with { HasKey = true } });
        return key;
    }

    private Caller? ToldOf(Arrival arrival) => arrival.Headers.TryGetValue(CallerToken.HeaderName, out var header) && api.Identity.Tokens.TryRead(header, out var told) ? told : null;

    private async Task<string> TextAsync(string target)
    {
        using var answer = await api.GetAsync(target);
        return await answer.Content.ReadAsStringAsync();
    }
}

public sealed class SolderLimitTests(GatewayBehindProxy api) : IClassFixture<GatewayBehindProxy>
{
    [Fact]
    public async Task Verify_MoreThanTenTimesAMinute_IsRefusedInTheDialectsEnvelope()
    {
        var address = api.NewAddress();
        for (var i = 0; i < 10; i++)
        {
            using var allowed = await SendAsync("/api/verify/key", address);
            Assert.Equal((HttpStatusCode.OK, "10"), (allowed.StatusCode, allowed.Headers.GetValues("X-RateLimit-Limit").Single()));
        }

        using var refused = await SendAsync("/api/verify/key", address);
        Assert.Equal((HttpStatusCode.TooManyRequests, """{"error":"Too Many Attempts.","message":"Too Many Attempts."}"""), (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
        Assert.Equal("0", refused.Headers.GetValues("X-RateLimit-Remaining").Single());
        Assert.NotNull(refused.Headers.RetryAfter);
        using var elsewhere = await SendAsync("/api/modpack", address);
        Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode); // counted apart
    }

    private Task<HttpResponseMessage> SendAsync(string path, string address)
    {
        var request = GatewayApi.Request(HttpMethod.Get, path);
        request.Headers.Add("X-Forwarded-For", address);
        return api.SendAsync(request);
    }
}

public sealed class SolderOriginsTests(SolderOriginsTests.ListedOrigins api) : IClassFixture<SolderOriginsTests.ListedOrigins>
{
    [Theory]
    [InlineData("https://good.example", "https://good.example")]
    [InlineData("https://evil.example", null)]
    [InlineData(null, null)]
    public async Task Answer_WithAList_NamesTheOriginThatIsInItAndAlwaysVaries(string? origin, string? allowed)
    {
        for (var time = 0; time < 2; time++) // the second one could come from memory
        {
            using var answer = await api.SendAsync(GatewayApi.Request(HttpMethod.Get, "/api/modpack/a", origin: origin));
            Assert.Equal(allowed, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null);
            Assert.Contains("Origin", answer.Headers.Vary);
        }
    }

    public sealed class ListedOrigins : GatewayApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Gateway:SolderOrigins"] = "https://good.example, https://other.example";
        }
    }
}
