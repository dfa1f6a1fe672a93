using System.Net;
using System.Text.Json.Nodes;
using static PackRelay.CatalogService.Tests.Reloaded.ReloadedApi;
using static PackRelay.CatalogService.Tests.Reloaded.ReloadedRequests;

namespace PackRelay.CatalogService.Tests.Reloaded;

/// <summary>Every example of the dialect's document, loaded as data, comes back member by member.</summary>
public sealed class SeedExamplesTests(SeedExamplesTests.Loaded api) : IClassFixture<SeedExamplesTests.Loaded>
{
    // The document kept the hash of the id that this package had before it was renamed; this is the hash of the id that it shows.
    private const string StaleHash = "c88fcd6edc933d2a", RoyalHash = "97b041122b2451a9";

    private HttpClient Anyone => api.Api.Anonymous;

    [Theory]
    [InlineData("metadata", "metadata-request", "metadata")]
    [InlineData("metadata-fromhash", "metadata-fromhash-request", "metadata")]
    [InlineData("check-updates", "check-updates-request", "check-updates")]
    [InlineData("translations", "translations-request", "translations")]
    [InlineData("download-info", "download-info-request", "download-info")]
    public async Task Packages_Example_ComesBack(string route, string request, string answer)
    {
        using var response = await Anyone.PostJsonAsync($"/api/packages/{route}", Example(request).Replace(StaleHash, RoyalHash, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        AssertSame(Example(answer).Replace(StaleHash, RoyalHash, StringComparison.Ordinal), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task DownloadInfo_Example_HasItsMembersInTheirOrder()
    {
        using var response = await Anyone.PostJsonAsync("/api/packages/download-info", Example("download-info-request"));
        Assert.Equal(JsonNode.Parse(Example("download-info"))!.ToJsonString(), JsonNode.Parse(await response.Content.ReadAsStringAsync())!.ToJsonString());
    }

    [Fact]
    public async Task DownloadInfo_BigHash_IsARawNumber()
    {
        using var response = await Anyone.PostJsonAsync("/api/packages/download-info", Example("download-info-request"));
        Assert.Contains("\"xxhash3\":18364758544493064721,\"wasDeleted\":false", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckUpdatesFromHash_Example_SaysTheSameWithTheHash()
    {
        using var response = await Anyone.PostJsonAsync("/api/packages/check-updates-fromhash", Example("metadata-fromhash-request").Replace(StaleHash, RoyalHash.ToUpperInvariant(), StringComparison.Ordinal));
        var wanted = JsonNode.Parse(Example("check-updates"))!.AsArray();
        (wanted[0]!["packageIdHash"], wanted[1]!["packageIdHash"]) = (RoyalHash, "ff900b821c9f5e89");
        AssertSame(wanted.ToJsonString(), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task DownloadInfoFromHash_Example_SaysTheSameWithTheHash()
    {
        using var response = await Anyone.PostJsonAsync("/api/packages/download-info-fromhash", $$"""[{"packageIdHash":"{{RoyalHash}}","version":"1.1.0"},{"packageIdHash":"ff900b821c9f5e89","version":"2.3.0"}]""");
        var wanted = JsonNode.Parse(Example("download-info"))!.AsArray();
        (wanted[0]!["packageIdHash"], wanted[1]!["packageIdHash"]) = (RoyalHash, "ff900b821c9f5e89");
        AssertSame(wanted.ToJsonString(), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Compatibility_Example_ComesBack()
    {
        using var response = await Anyone.GetJsonAsync($"/api/compatibility?packageId={SeedExamples.Royal}&packageVersion=1.0.1&gameId=Persona5Royal&gameVersionId=1");
        AssertSame(Example("compatibility"), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task CompatibilityBatch_Example_IsRecorded()
    {
        await Anyone.PostJsonAsync("/api/compatibility/batch", Example("reports"), "192.0.2.1") // its first report is there already
            .RefusesAsync(HttpStatusCode.OK, """{"recorded":2}""");
        using var response = await Anyone.GetJsonAsync($"/api/compatibility?packageId={SeedExamples.Hooks}&packageVersion=2.3.0&gameId=sonicheroes&gameVersionId=2");
        AssertSame($$"""{"packageId":"{{SeedExamples.Hooks}}","packageVersion":"2.3.0","gameId":"SonicHeroes","gameVersionId":2,"successCount":1,"failureCount":0}""", await response.Content.ReadAsStringAsync());
    }

    /// <summary>A hub that knows what the examples show.</summary>
    public sealed class Loaded : IAsyncLifetime
    {
        public ReloadedApi Api { get; } = new();

        public async Task InitializeAsync()
        {
            await Api.InitializeAsync();
            await SeedExamples.LoadAsync(Api);
        }

        public Task DisposeAsync() => Api.DisposeAsync();
    }
}
