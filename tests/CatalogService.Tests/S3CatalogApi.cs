using PackRelay.Testing.Servers;

namespace PackRelay.CatalogService.Tests;

/// <summary>The catalog with its files in a bucket of a private S3-compatible server.</summary>
public sealed class S3CatalogApi : CatalogApi
{
    private TestS3? server;

    public override async Task InitializeAsync()
    {
        server = await TestS3.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await StopStoreAsync();
    }

    /// <summary>From now on nobody answers where the bucket was.</summary>
    public async Task StopStoreAsync()
    {
        if (server is not null) await server.DisposeAsync();
        server = null;
    }

    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings["Catalog:Blobs:S3:ServiceUrl"] = server!.Url.ToString();
        settings["Catalog:Blobs:S3:Bucket"] = TestS3.Bucket;
        settings["Catalog:Blobs:S3:AccessKey"] = TestS3.Key;
        settings["Catalog:Blobs:S3:SecretKey"] = TestS3.Key;
    }
}
