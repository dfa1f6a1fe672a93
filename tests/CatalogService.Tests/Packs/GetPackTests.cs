using System.Net;

namespace PackRelay.CatalogService.Tests.Packs;

public sealed class GetPackTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Get_PrivatePack_IsThereForItsOwnerOnly()
    {
        var publisher = api.NewPublisher();
        await publisher.RegisterKeyAsync();
        var slug = await publisher.CreatePackAsync(more: new { visibility = "private" });
        await publisher.PublishAsync(slug, "1.0.0");
        foreach (var path in new[] { "", "/versions", "/manifest", "/manifest/1.0.0" })
        {
            await publisher.Client.GetAsync($"/api/v1/packs/{slug}{path}").JsonAsync();
            foreach (var client in new[] { api.Anonymous, api.NewPublisher().Client, publisher.ClientWith(caller => caller with { Packs = ["another"] }) })
                await client.GetAsync($"/api/v1/packs/{slug}{path}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        }

        using var manifest = await publisher.Client.GetAsync($"/api/v1/packs/{slug}/manifest/1.0.0");
        Assert.Equal("max-age=31536000, private, immutable", manifest.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("no-such-pack")]
    [InlineData("..%2f..%2fetc")]
    public async Task Get_UnknownSlug_IsNotFound(string slug) =>
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").FailsAsync(HttpStatusCode.NotFound, "not_found");

    [Fact]
    public async Task Get_NulInThePath_IsRefusedByTheServerItself() => await api.Anonymous.GetAsync("/api/v1/packs/%00").SucceedsAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Head_Pack_AnswersWithoutABody()
    {
        var slug = await api.NewPublisher().CreatePackAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/api/v1/packs/{slug}");
        using var response = await api.Anonymous.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, 0), (response.StatusCode, (await response.Content.ReadAsByteArrayAsync()).Length));
    }
}
