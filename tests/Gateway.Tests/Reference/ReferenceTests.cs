using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PackRelay.Gateway.Tests.Reference;

public sealed partial class ReferenceTests(GatewayApi gateway) : IClassFixture<GatewayApi>
{
    [Fact]
    public async Task Document_AskedFor_IsOpenApiForEveryOrigin()
    {
        using var answer = await gateway.GetAsync("/openapi.json");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(TimeSpan.FromMinutes(5), answer.Headers.CacheControl?.MaxAge);
        var document = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.StartsWith("3.1", (string?)document["openapi"], StringComparison.Ordinal);
        Assert.NotNull(document["paths"]!["/api/v1/packs"]!["get"]);
    }

    [Theory]
    [InlineData("/openapi.json")]
    [InlineData("/docs")]
    [InlineData("/docs/swagger-ui-bundle.js")]
    public async Task Asset_KnownToTheClient_Is304(string path)
    {
        using var first = await gateway.GetAsync(path);
        using var request = GatewayApi.Request(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await gateway.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Asset_Compressed_HasATagOfItsOwnAndFewerBytes()
    {
        using var plain = await gateway.GetAsync("/openapi.json");
        using var request = GatewayApi.Request(HttpMethod.Get, "/openapi.json");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var compressed = await gateway.SendAsync(request);
        Assert.Equal("gzip", compressed.Content.Headers.ContentEncoding.Single());
        Assert.NotEqual(plain.Headers.ETag, compressed.Headers.ETag);
        Assert.True(compressed.Content.Headers.ContentLength < plain.Content.Headers.ContentLength / 4);
    }

    [Fact]
    public async Task Page_WithAllThatItLoads_ComesFromTheGatewayAlone()
    {
        using var answer = await gateway.GetAsync("/docs");
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("unsafe-eval", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var links = Link().Matches(await answer.Content.ReadAsStringAsync()).Select(link => link.Groups["address"].Value).Where(link => !link.StartsWith("data:", StringComparison.Ordinal)).ToList();
        Assert.True(links.Count >= 4);
        foreach (var link in links)
        {
            Assert.StartsWith("/", link, StringComparison.Ordinal);
            using var asset = await gateway.GetAsync(link);
            Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
            Assert.NotEmpty(await asset.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("POST", "/openapi.json", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/docs/nothing.js", HttpStatusCode.NotFound)]
    [InlineData("HEAD", "/docs", HttpStatusCode.OK)]
    public async Task Asset_AskedForOtherwise_AnswersAsHttpSays(string method, string path, HttpStatusCode expected)
    {
        using var answer = await gateway.SendAsync(GatewayApi.Request(new HttpMethod(method), path));
        Assert.Equal(expected, answer.StatusCode);
    }

    [GeneratedRegex("(?:href|src)=\"(?<address>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link();
}
