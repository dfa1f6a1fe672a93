using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Downloads;
using PackRelay.CatalogService.Downloads.Bundles;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Tests.Downloads;

/// <summary>Where downloads lead to when the files are in a bucket.</summary>
public sealed class BundlesInS3Tests(S3CatalogApi api) : IClassFixture<S3CatalogApi>
{
    [Fact]
    public async Task Download_RedirectsToAnAddressOfTheBucketThatGivesTheBundle()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0");
        using var redirect = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/download");
        Assert.Equal((HttpStatusCode.Redirect, true), (redirect.StatusCode, redirect.Headers.CacheControl!.NoStore));
        var address = redirect.Headers.Location!;
        var store = api.Services.GetRequiredService<IOptions<BlobOptions>>().Value.S3!.ServiceUrl!;
        Assert.Equal(store.Authority, address.Authority);
        Assert.Contains("X-Amz-Signature=", address.Query, StringComparison.Ordinal);

        using var bucket = new HttpClient();
        using var answer = await bucket.GetAsync(address);
        var zip = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal($"{slug}-1.0.0.zip", answer.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var bundle = (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/versions/1.0.0").JsonAsync()).GetProperty("bundle");
        Assert.Equal((Publisher.Sha256(zip), zip.LongLength), (bundle.GetProperty("sha256").GetString(), bundle.GetProperty("sizeBytes").GetInt64()));

        // What a CDN would ask the hub for leads to the same bytes.
        using var cdn = await api.Anonymous.GetAsync($"/cdn/bundles/{Publisher.Sha256(zip)}/{slug}-1.0.0.zip");
        Assert.Equal((HttpStatusCode.Redirect, true), (cdn.StatusCode, cdn.Headers.CacheControl!.NoStore));
        Assert.Equal(zip, await bucket.GetByteArrayAsync(cdn.Headers.Location));
    }
}

/// <summary>Where downloads lead to when a CDN stands before the hub.</summary>
public sealed class BundlesBehindACdnTests(BundlesBehindACdnTests.BehindACdn api) : IClassFixture<BundlesBehindACdnTests.BehindACdn>
{
    [Fact]
    public async Task Download_RedirectsToTheCdnWhoseOriginGivesTheBundle()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0");
        using var redirect = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/download");
        var sha256 = (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/versions/1.0.0").JsonAsync()).GetProperty("bundle").GetProperty("sha256").GetString()!;
        Assert.Equal($"https://cdn.example.com/hub/bundles/{sha256}/{slug}-1.0.0.zip", redirect.Headers.Location!.AbsoluteUri);
        Assert.Equal(sha256, Publisher.Sha256(await api.Anonymous.GetByteArrayAsync($"/cdn/bundles/{sha256}/{slug}-1.0.0.zip")));
    }

    [Theory]
    [InlineData("https://cdn.example.com", "https://cdn.example.com/bundles/")]
    [InlineData("https://cdn.example.com/", "https://cdn.example.com/bundles/")]
    [InlineData("https://cdn.example.com/a/b", "https://cdn.example.com/a/b/bundles/")]
    [InlineData("https://cdn.example.com/a/b/", "https://cdn.example.com/a/b/bundles/")]
    public void Of_ACdnWithOrWithoutAPathOrASlash_IsBelowIt(string address, string start)
    {
        var links = new BundleLinks(
            Options.Create(new DownloadOptions { CdnBaseUrl = new Uri(address) }), api.Services.GetRequiredService<IOptions<HubOptions>>(), api.Services.GetRequiredService<IBlobStore>());
        Assert.Equal($"{start}{new string('a', 64)}/a-pack-1.0.0.zip", links.Of("a-pack", "1.0.0", new BuiltBundle(new string('a', 64), "", 1)));
    }

    public sealed class BehindACdn : CatalogApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Downloads:CdnBaseUrl"] = "https://cdn.example.com/hub";
        }
    }
}
