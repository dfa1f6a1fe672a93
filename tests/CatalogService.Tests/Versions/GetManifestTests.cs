using System.Net;
using System.Net.Http.Headers;
using PackRelay.Manifests.Signing;

namespace PackRelay.CatalogService.Tests.Versions;

public sealed class GetManifestTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Get_Pinned_IsImmutableWithTheHashAsETag()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var manifest = await publisher.PublishAsync(slug, "1.0.0");
        using var response = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/manifest/1.0.0");
        Assert.Equal($"\"{Publisher.Sha256(manifest)}\"", response.Headers.ETag?.ToString());
        Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl?.ToString());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(manifest.Length, response.Content.Headers.ContentLength);
        Assert.Equal(ManifestVerification.Valid, ManifestVerifier.Verify(await response.Content.ReadAsByteArrayAsync(), Ed25519.DerivePublicKey(publisher.Seed)));

        using var latest = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/manifest?game=7d2d");
        Assert.Equal("public, max-age=15", latest.Headers.CacheControl?.ToString());
        Assert.Equal(response.Headers.ETag, latest.Headers.ETag);
    }

    [Theory]
    [InlineData("\"{0}\"", HttpStatusCode.NotModified)]
    [InlineData("W/\"{0}\"", HttpStatusCode.NotModified)]
    [InlineData("\"other\", \"{0}\"", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("\"other\"", HttpStatusCode.OK)]
    [InlineData("no tag", HttpStatusCode.OK)]
    public async Task Get_WithIfNoneMatch_AnswersByTheETag(string header, HttpStatusCode status)
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var sha256 = Publisher.Sha256(await publisher.PublishAsync(slug, "1.0.0"));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/packs/{slug}/manifest/1.0.0");
        request.Headers.TryAddWithoutValidation("If-None-Match", header.Replace("{0}", sha256, StringComparison.Ordinal));
        using var response = await api.Anonymous.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal($"\"{sha256}\"", response.Headers.ETag?.ToString());
        Assert.Equal(CacheControlHeaderValue.Parse("public, max-age=31536000, immutable"), response.Headers.CacheControl);
    }

    [Theory]
    [InlineData("GET", HttpStatusCode.NotModified)]
    [InlineData("HEAD", HttpStatusCode.NotModified)]
    public async Task Get_WithdrawnOrPrivateThatTheClientHas_IsRefusedAllTheSame(string method, HttpStatusCode before)
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var sha256 = Publisher.Sha256(await publisher.PublishAsync(slug, "1.0.0"));
        Assert.Equal(before, await AskAsync());
        await publisher.Client.PostAsync($"/api/v1/packs/{slug}/versions/1.0.0/withdraw", new { reason = "broken" }).SucceedsAsync();
        Assert.Equal(HttpStatusCode.Gone, await AskAsync());
        await api.ExecuteAsync("UPDATE packs SET visibility = 'private' WHERE slug = $1", slug);
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync());

        async Task<HttpStatusCode> AskAsync()
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/packs/{slug}/manifest/1.0.0");
            request.Headers.TryAddWithoutValidation("If-None-Match", $"\"{sha256}\"");
            using var response = await api.Anonymous.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("{0}", HttpStatusCode.OK)]
    [InlineData("other", HttpStatusCode.PreconditionFailed)]
    public async Task Get_WithIfMatch_SendsTheWholeManifestOrNothing(string hash, HttpStatusCode status)
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var manifest = await publisher.PublishAsync(slug, "1.0.0");
        var sha256 = Publisher.Sha256(manifest);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/packs/{slug}/manifest/1.0.0");
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{hash.Replace("{0}", sha256, StringComparison.Ordinal)}\"");
        request.Headers.TryAddWithoutValidation("If-None-Match", $"\"{sha256}\"");
        using var response = await api.Anonymous.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.OK) Assert.Equal(manifest, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Head_Manifest_HasTheHeadersOnly()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var manifest = await publisher.PublishAsync(slug, "1.0.0");
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/api/v1/packs/{slug}/manifest/1.0.0");
        using var response = await api.Anonymous.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, (long?)manifest.Length), (response.StatusCode, response.Content.Headers.ContentLength));
        Assert.Equal($"\"{Publisher.Sha256(manifest)}\"", response.Headers.ETag?.ToString());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl?.ToString());
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Get_UnknownPackOrVersion_IsNotFound()
    {
        var slug = await api.NewPublisher().CreatePackAsync();
        foreach (var path in new[] { $"{slug}/manifest", $"{slug}/manifest/1.0.0", "no-such-pack/manifest", "no-such-pack/manifest/1.0.0" })
            await api.Anonymous.GetAsync($"/api/v1/packs/{path}").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }
}
