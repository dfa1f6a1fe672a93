using System.Net;

namespace PackRelay.CatalogService.Tests.Files;

public sealed class StoreOutageTests(S3CatalogApi api) : IClassFixture<S3CatalogApi>
{
    [Fact]
    public async Task AnyRequest_WhileTheStoreCannotBeReached_IsUnavailable()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        var file = await publisher.UploadAsync();
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/download").SucceedsAsync(HttpStatusCode.Redirect);
        var bundle = await api.ScalarAsync<string>("SELECT b.sha256 FROM bundles b JOIN packs p ON p.latest_version_id = b.version_id WHERE p.slug = $1", slug);
        await api.StopStoreAsync();

        await api.Anonymous.GetAsync($"/api/v1/files/{Publisher.Sha256(file)}").FailsAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        await publisher.PutAsync(Publisher.Sha256([1, 2, 3]), [1, 2, 3]).FailsAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        await api.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/cdn/bundles/{bundle}/{slug}-1.0.0.zip")).SucceedsAsync(HttpStatusCode.ServiceUnavailable);
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/download").SucceedsAsync(HttpStatusCode.Redirect); // it is built, and the address is made here
    }
}
