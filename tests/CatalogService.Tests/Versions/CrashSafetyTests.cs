namespace PackRelay.CatalogService.Tests.Versions;

public sealed class CrashSafetyTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Published_NewProcessOnTheSameDatabaseAndFolder_ServesTheSameBytes()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var file = await publisher.UploadAsync();
        var manifest = publisher.Sign(publisher.Draft(slug, "1.0.0", file));
        await publisher.SendAsync(slug, manifest).SucceedsAsync(System.Net.HttpStatusCode.Created);

        var second = new SecondReplica(api);
        await second.InitializeAsync();
        try
        {
            using var client = second.CreateClient();
            Assert.Equal(manifest, await client.GetByteArrayAsync($"/api/v1/packs/{slug}/manifest/1.0.0"));
            Assert.Equal(file, await client.GetByteArrayAsync($"/api/v1/files/{Publisher.Sha256(file)}"));
        }
        finally
        {
            await second.DisposeAsync();
        }
    }

    [Fact]
    public async Task Published_Commit_WaitsForTheDisk()
    {
        await using var connection = await api.Postgres.Source.OpenConnectionAsync();
        Assert.Equal("on", await api.ScalarAsync<string>("SHOW synchronous_commit"));
        Assert.Equal("on", await api.ScalarAsync<string>("SHOW fsync"));
    }
}
