using System.Net;
using Microsoft.AspNetCore.Http;

namespace PackRelay.Gateway.Tests.Answers;

public sealed class KeptAnswersTests(KeptAnswersTests.LongLists api) : IClassFixture<KeptAnswersTests.LongLists>
{
    [Fact]
    public async Task Get_APublicManifestAgain_IsAnsweredFromMemoryByteForByte()
    {
        var (slug, path) = api.NewManifest("{ \"version\" : \"1.0.0\",\n \"ü\": 1 }");
        for (var i = 0; i < 3; i++)
        {
            using var answer = await api.GetAsync(path);
            Assert.Equal("{ \"version\" : \"1.0.0\",\n \"ü\": 1 }", await answer.Content.ReadAsStringAsync());
            Assert.Equal(
                ("\"0123abcd\"", "application/json", "Accept-Encoding", "nosniff", "*", "600"),
                (Header(answer, "ETag"), Header(answer, "Content-Type"), Header(answer, "Vary"), Header(answer, "X-Content-Type-Options"), Header(answer, "Access-Control-Allow-Origin"), Header(answer, "RateLimit-Limit")));
            Assert.Equal(CatalogAnswers.Immutable, Header(answer, "Cache-Control").Replace(" ,", ",", StringComparison.Ordinal));
            Assert.Equal("", Header(answer, "Content-Encoding") + Header(answer, "Age"));
        }

        Assert.Single(api.Catalog.Of(slug));
    }

    [Fact]
    public async Task Get_FromMemory_CountsAgainstTheLimit()
    {
        var (_, path) = api.NewManifest();
        var remaining = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await api.GetAsync(path);
            remaining.Add(int.Parse(Header(answer, "RateLimit-Remaining"), System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.True(remaining[0] > remaining[1] && remaining[1] > remaining[2], string.Join(' ', remaining));
    }

    [Theory]
    [InlineData("private, max-age=60")]
    [InlineData("no-store")]
    [InlineData("public, no-cache")]
    [InlineData("max-age=60")] // not said to be for everybody
    public async Task Get_AManifestThatIsNotMarkedPublic_AsksEachTime(string cacheControl)
    {
        var (slug, path) = api.NewManifest(cacheControl: cacheControl);
        await api.ReadAsync(path);
        await api.ReadAsync(path);
        Assert.Equal(2, api.Catalog.Of(slug).Length);
    }

    [Theory]
    [InlineData("Set-Cookie", "a=b", 200)]
    [InlineData("Vary", "Accept-Language", 200)]
    [InlineData("Content-Type", "text/html", 200)]
    [InlineData("Content-Encoding", "zstd", 200)]
    [InlineData("X-Other", "x", 404)]
    [InlineData("X-Other", "x", 500)]
    public async Task Get_WhatMustNotBeShared_AsksEachTimeAndPassesItOn(string header, string value, int status)
    {
        var (slug, path) = api.NewManifest();
        api.Answer(path, context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            context.Response.Headers.CacheControl = CatalogAnswers.Immutable;
            context.Response.Headers[header] = value;
            return context.Response.WriteAsync("{}");
        });
        for (var i = 0; i < 2; i++)
        {
            using var answer = await api.GetAsync(path);
            Assert.Equal((status, "{}", value), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), Header(answer, header)));
        }

        Assert.Equal(2, api.Catalog.Of(slug).Length);
    }

    [Fact]
    public async Task Get_APublicManifestWithCredentials_IsAnsweredFromMemory()
    {
        var (slug, path) = api.NewManifest();
        var (token, _) = api.Identity.NewToken();
        await api.ReadAsync(path, token);
        await api.ReadAsync(path, session: "unknown");
        using var answer = await api.GetAsync(path, token);
        Assert.Single(api.Catalog.Of(slug));
        Assert.Equal("3000", Header(answer, "RateLimit-Limit"));
        using var refused = await api.GetAsync(path, "prl_unknown");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Get_APrivateManifest_IsNeverGivenToAnother()
    {
        var (slug, path) = api.NewManifest();
        var (owner, _) = api.Identity.NewToken();
        api.Answer(path, context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.CacheControl = "private, max-age=60";
            if (context.Request.Headers.ContainsKey("X-PackRelay-Caller")) return context.Response.WriteAsync("{\"secret\":true}");
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsync("{\"error\":\"there is no pack\",\"code\":\"not_found\"}");
        });
        Assert.Equal("{\"secret\":true}", await api.ReadAsync(path, owner));
        using var answer = await api.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("{\"secret\":true}", await api.ReadAsync(path, owner));
        Assert.Equal(3, api.Catalog.Of(slug).Length);
    }

    [Fact]
    public async Task Get_APageWithCredentials_IsNeitherKeptNorAnsweredFromMemory()
    {
        var path = $"/api/v1/packs/{GatewayApi.NewName()}";
        var (token, _) = api.Identity.NewToken();
        api.Answer(path, context => context.Response.WriteAsJsonAsync(new { caller = context.Request.Headers.ContainsKey("X-PackRelay-Caller") }));

        Assert.Equal("{\"caller\":true}", await api.ReadAsync(path, token));
        using var open = await api.GetAsync(path);
        Assert.Equal("{\"caller\":false}", await open.Content.ReadAsStringAsync());
        using var own = await api.GetAsync(path, token);
        Assert.Equal("{\"caller\":true}", await own.Content.ReadAsStringAsync());
        Assert.Equal("{\"caller\":false}", await api.ReadAsync(path));

        Assert.Equal(("public, max-age=5", "Accept-Encoding, Authorization, Cookie"), (Header(open, "Cache-Control"), Header(open, "Vary")));
        Assert.Equal(("no-cache, private", "Accept-Encoding, Authorization, Cookie"), (Header(own, "Cache-Control"), Header(own, "Vary")));
        Assert.Equal(3, api.Catalog.Of(path).Length);
    }

    [Theory]
    [InlineData("/api/v1/servers/{0}/badge.svg")]
    [InlineData("/api/v1/servers/{0}/players.svg")]
    [InlineData("/api/v1/packs/{0}/badge.svg")]
    public async Task Get_APicture_GetsAnETagAndIs304ToWhoHasIt(string route)
    {
        var path = route.Replace("{0}", GatewayApi.NewName(), StringComparison.Ordinal);
        api.Answer(path, DrawAsync);
        api.Telemetry.Handler = DrawAsync;

        using var first = await api.GetAsync(path);
        var tag = Header(first, "ETag");
        using var request = GatewayApi.Request(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        using var again = await api.SendAsync(request);

        Assert.StartsWith("\"", tag, StringComparison.Ordinal);
        Assert.Equal("public, max-age=30", Header(first, "Cache-Control").Replace(" ,", ",", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.NotModified, tag), (again.StatusCode, Header(again, "ETag")));

        static Task DrawAsync(HttpContext context)
        {
            context.Response.ContentType = "image/svg+xml; charset=utf-8";
            context.Response.Headers.CacheControl = "public, max-age=30";
            return context.Response.WriteAsync("<svg/>");
        }
    }

    [Fact]
    public async Task Get_Lists_AreKeptByTheirQuery()
    {
        var (one, two) = (GatewayApi.NewName(), GatewayApi.NewName());
        api.Answer("/api/v1/packs", context => context.Response.WriteAsJsonAsync(new { query = context.Request.QueryString.Value }));
        foreach (var name in (string[])[one, two, one, two])
            Assert.Contains(name, await api.ReadAsync($"/api/v1/packs?q={name}"), StringComparison.Ordinal);
        Assert.Single(api.Catalog.Of(one));
        Assert.Single(api.Catalog.Of(two));
    }

    [Fact]
    public async Task Get_AManifestWithAQuery_IsTheSameAnswer()
    {
        var (slug, path) = api.NewManifest();
        foreach (var query in (string[])["", "?game=7d2d", "?game=other"]) await api.ReadAsync(path + query);
        Assert.Single(api.Catalog.Of(slug));
    }

    [Fact]
    public async Task Head_BeforeAndAfterGet_HasTheSameHeadersWithoutABody()
    {
        var (slug, path) = api.NewManifest("{\"version\":\"1.0.0\"}");
        for (var i = 0; i < 2; i++)
        {
            using var head = await api.SendAsync(GatewayApi.Request(HttpMethod.Head, path));
            Assert.Equal((HttpStatusCode.OK, 19, "\"0123abcd\""), (head.StatusCode, head.Content.Headers.ContentLength, Header(head, "ETag")));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal("{\"version\":\"1.0.0\"}", await api.ReadAsync(path));
        Assert.Equal("GET", Assert.Single(api.Catalog.Of(slug)).Method);
    }

    [Theory]
    [InlineData("\"0123abcd\"", true)]
    [InlineData("W/\"0123abcd\"", true)]
    [InlineData("\"x\", \"0123abcd-gzip\"", true)]
    [InlineData("*", true)]
    [InlineData("\"other\"", false)]
    public async Task Get_IfNoneMatch_Is304FromMemoryAndFromTheService(string known, bool isKnown)
    {
        var (slug, path) = api.NewManifest();
        for (var i = 0; i < 2; i++)
        {
            using var request = GatewayApi.Request(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
            using var answer = await api.SendAsync(request);
            Assert.Equal(isKnown ? HttpStatusCode.NotModified : HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(("\"0123abcd\"", "Accept-Encoding"), (Header(answer, "ETag"), Header(answer, "Vary")));
            Assert.Contains("immutable", Header(answer, "Cache-Control"), StringComparison.Ordinal);
            Assert.Equal(isKnown, (await answer.Content.ReadAsByteArrayAsync()).Length == 0);
        }

        var arrival = Assert.Single(api.Catalog.Of(slug));
        Assert.False(arrival.Headers.ContainsKey("If-None-Match"));
    }

    [Fact]
    public async Task Get_ARange_GoesToTheService()
    {
        var (slug, path) = api.NewManifest();
        await api.ReadAsync(path);
        using var request = GatewayApi.Request(HttpMethod.Get, path);
        request.Headers.Range = new(0, 3);
        using var answer = await api.SendAsync(request);
        Assert.Equal("bytes=0-3", api.Catalog.Of(slug)[^1].Headers["Range"]);
    }

    [Fact]
    public async Task Get_AnAnswerLargerThanTheLimit_IsPassedOnWhole()
    {
        var (slug, path) = api.NewManifest();
        var long_ = new string('x', 3_000_000);
        api.Answer(path, async context =>
        {
            context.Response.ContentType = "application/json"; // without a length: it shows only on the way
            context.Response.Headers.CacheControl = CatalogAnswers.Immutable;
            for (var i = 0; i < 30; i++) await context.Response.WriteAsync(long_[..100_000]);
        });
        Assert.Equal(long_, await api.ReadAsync(path));
        Assert.Equal(long_, await api.ReadAsync(path));
        Assert.Equal(2, api.Catalog.Of(slug).Length);
    }

    private static string Header(HttpResponseMessage answer, string name) => CatalogAnswers.Header(answer, name);

    /// <summary>Lists live long enough to be seen again.</summary>
    public class LongLists : CatalogAnswers
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Gateway:Cache:ListLifetime"] = "00:01:00";
            settings["Gateway:Cache:MaxAnswerBytes"] = "2000000";
        }
    }
}
