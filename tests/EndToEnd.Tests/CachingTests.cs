using System.Net;
using System.Net.Http.Json;
using PackRelay.Testing;

namespace PackRelay.EndToEnd.Tests;

/// <summary>What the gateway keeps in memory never outlives a change that was acknowledged through it.</summary>
[Collection(HubGroup.Name)]
public sealed class CachingTests(Hub hub)
{
    [Fact]
    public async Task Manifests_AfterPublishAndWithdraw_AreTheRightOnesAtOnce()
    {
        var publisher = await hub.PublisherAsync();
        using var anyone = new HttpClient { BaseAddress = hub.Gateway };
        var pack = await publisher.CreatePackAsync();
        var (latest, pinned) = ($"/api/v1/packs/{pack}/manifest", $"/api/v1/packs/{pack}/manifest/2.0.0");

        var manifest = await PublishAsync(publisher, pack, "1.0.0");
        for (var i = 0; i < 3; i++) Assert.Equal(manifest, await anyone.GetByteArrayAsync(latest));

        var second = await PublishAsync(publisher, pack, "2.0.0");
        for (var i = 0; i < 3; i++) Assert.Equal(second, await anyone.GetByteArrayAsync(latest));
        Assert.Equal(second, await anyone.GetByteArrayAsync(pinned));

        using var withdrawn = await publisher.Client.PostAsJsonAsync($"/api/v1/packs/{pack}/versions/2.0.0/withdraw", new { reason = "broken" });
        Assert.Equal(HttpStatusCode.NoContent, withdrawn.StatusCode);
        await Publisher.ExpectErrorAsync(HttpStatusCode.Gone, "withdrawn", anyone.GetAsync(pinned));
        Assert.Equal(manifest, await anyone.GetByteArrayAsync(latest));
    }

    [Fact]
    public async Task Manifest_WithdrawnThroughOneGateway_IsGoneFromTheOthersMemory()
    {
        var publisher = await hub.PublisherAsync();
        using var anyone = new HttpClient { BaseAddress = hub.OtherGateway };
        var pack = await publisher.CreatePackAsync();
        var manifest = await PublishAsync(publisher, pack, "1.0.0");
        var pinned = $"/api/v1/packs/{pack}/manifest/1.0.0";
        for (var i = 0; i < 3; i++) Assert.Equal(manifest, await anyone.GetByteArrayAsync(pinned));
        using var withdrawn = await publisher.Client.PostAsJsonAsync($"/api/v1/packs/{pack}/versions/1.0.0/withdraw", new { reason = "broken" });
        Assert.Equal(HttpStatusCode.NoContent, withdrawn.StatusCode);
        await Wait.UntilAsync(async () => (await anyone.GetAsync(pinned)).StatusCode == HttpStatusCode.Gone, "the other gateway has heard of it", TimeSpan.FromSeconds(30)); // it would keep it for minutes
    }

    [Fact]
    public async Task Pages_AfterAnEdit_ShowItAtOnceAndHideWhatBecamePrivate()
    {
        var publisher = await hub.PublisherAsync();
        using var anyone = new HttpClient { BaseAddress = hub.Gateway };
        var pack = await publisher.CreatePackAsync();
        var manifest = await PublishAsync(publisher, pack, "1.0.0");
        var (page, pinned) = ($"/api/v1/packs/{pack}", $"/api/v1/packs/{pack}/manifest/1.0.0");
        await Publisher.ExpectAsync(HttpStatusCode.OK, anyone.GetAsync(page));
        Assert.Equal(manifest, await anyone.GetByteArrayAsync(pinned));

        await Publisher.ExpectAsync(HttpStatusCode.OK, publisher.Client.PatchAsJsonAsync(page, new { name = "Another name" }));
        Assert.Equal("Another name", (string?)(await Publisher.ExpectAsync(HttpStatusCode.OK, anyone.GetAsync(page)))["name"]);

        await Publisher.ExpectAsync(HttpStatusCode.OK, publisher.Client.PatchAsJsonAsync(page, new { visibility = "private" }));
        await Publisher.ExpectErrorAsync(HttpStatusCode.NotFound, "not_found", anyone.GetAsync(page));
        await Publisher.ExpectErrorAsync(HttpStatusCode.NotFound, "not_found", anyone.GetAsync(pinned));
        Assert.Equal(manifest, await publisher.Client.GetByteArrayAsync(pinned));
        await Publisher.ExpectErrorAsync(HttpStatusCode.NotFound, "not_found", anyone.GetAsync(pinned));
    }

    [Fact]
    public async Task Manifest_WithItsTagInAnyCoding_Is304()
    {
        var publisher = await hub.PublisherAsync();
        using var anyone = new HttpClient { BaseAddress = hub.Gateway };
        var pack = await publisher.CreatePackAsync();
        await PublishAsync(publisher, pack, "1.0.0");
        foreach (var coding in (string?[])[null, "gzip", "br"])
        {
            using var first = await AskAsync(anyone, pack, coding, ifNoneMatch: null);
            Assert.Equal((HttpStatusCode.OK, coding), (first.StatusCode, first.Content.Headers.ContentEncoding.SingleOrDefault()));
            using var again = await AskAsync(anyone, pack, coding: null, first.Headers.ETag!.ToString());
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }
    }

    [Theory]
    [InlineData("GET", "/api/v1/accounts")]
    [InlineData("PUT", "/api/v1/sessions")]
    [InlineData("DELETE", "/api/v1/packs")]
    public async Task WrongMethod_OfAKnownRoute_Is405WithAllow(string method, string path)
    {
        using var anyone = new HttpClient { BaseAddress = hub.Gateway };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await anyone.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.NotEmpty(answer.Content.Headers.Allow);
        Assert.Contains("method_not_allowed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<byte[]> PublishAsync(Publisher publisher, string pack, string version)
    {
        var files = new List<(string, int)>();
        for (var i = 0; i < 5; i++) files.Add(await publisher.UploadAsync(size: 100));
        var manifest = publisher.SignManifest(pack, version, files);
        await Publisher.ExpectAsync(HttpStatusCode.Created, publisher.PublishAsync(pack, manifest));
        return manifest;
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, string pack, string? coding, string? ifNoneMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/packs/{pack}/manifest/1.0.0");
        if (coding is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", coding);
        if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await client.SendAsync(request);
    }
}
