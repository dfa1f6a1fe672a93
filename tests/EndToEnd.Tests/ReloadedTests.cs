using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using PackRelay.EndToEnd.Tests.Documents;
using static PackRelay.EndToEnd.Tests.Publisher;

namespace PackRelay.EndToEnd.Tests;

/// <summary>The Reloaded-III dialect through the gateway: what a mod manager asks, from an empty hub to the static files.</summary>
[Collection(HubGroup.Name)]
public sealed class ReloadedTests(Hub hub)
{
    private static readonly byte[] ZstandardMagic = [0x28, 0xB5, 0x2F, 0xFD];

    [Fact]
    public async Task Journey_OfAPackage_FromPublishingToTheStaticFiles()
    {
        var publisher = await hub.PublisherAsync();
        var admin = await hub.AdminAsync();
        using var anyone = HubClient.Create(hub.Gateway);
        anyone.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var (id, game) = ($"e2e.mod.{NewSlug("a")}.s56", $"Game-{NewSlug("b")}");

        await ExpectAsync(HttpStatusCode.Created, admin.PutAsJsonAsync($"/api/games/{game}?format=json", new { name = "A game", versions = new[] { new { id = 0, friendlyName = "1.0" } } }));
        foreach (var version in new[] { "1.0.0", "1.1.0" }) await ExpectAsync(HttpStatusCode.Created, publisher.Client.PutAsJsonAsync($"/api/packages/{id}/{version}?format=json", Version()));

        var updates = await ExpectAsync(HttpStatusCode.OK, anyone.PostAsJsonAsync("/api/packages/check-updates", new[] { new { packageId = id, version = "1.0.0" } }));
        Assert.Equal("1.1.0", (string?)updates[0]!["latestVersion"]);
        var downloads = await anyone.PostAsJsonAsync("/api/packages/download-info", new[] { new { packageId = id, version = "1.1.0" } });
        Assert.Contains("18364758544493064721", await downloads.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var report = new { packageId = id, packageVersion = "1.1.0", gameId = game, gameVersionId = 0 };
        for (var i = 0; i < 3; i++) await ExpectAsync(HttpStatusCode.OK, anyone.PostAsJsonAsync("/api/compatibility", report));
        var counts = await ExpectAsync(HttpStatusCode.OK, anyone.GetAsync($"/api/compatibility?packageId={id}&packageVersion=1.1.0&gameId={game}&gameVersionId=0"));
        Assert.Equal((1, 0), ((int)counts["successCount"]!, (int)counts["failureCount"]!)); // one address, one report a day, however often it is sent

        var hash = (string)(await ExpectAsync(HttpStatusCode.OK, anyone.GetAsync($"/api/packages/{id}/1.1.0")))["packageIdHash"]!;
        var file = $"/static/reloaded/package-metadata/{hash[..2]}/{hash[2..4]}/{hash}.msgpack.zstd";
        using var written = await hub.RetryAsync(() => anyone.GetAsync(file), "the static file is written");
        Assert.Equal(ZstandardMagic, (await written.Content.ReadAsByteArrayAsync())[..4]);
        Assert.Equal(["*"], written.Headers.GetValues("Access-Control-Allow-Origin"));
        using var known = new HttpRequestMessage(HttpMethod.Get, file) { Headers = { IfNoneMatch = { written.Headers.ETag! } } };
        using var unchanged = await anyone.SendAsync(known);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Answers_AskedForWithoutAFormat_AreCompressedMessagePack_ErrorsToo()
    {
        using var anyone = HubClient.Create(hub.Gateway);
        foreach (var (path, body, status) in new[] { ("/api/packages/metadata", """[{"packageId":"no.such.mod"}]""", HttpStatusCode.OK), ("/api/packages/metadata", "[]", HttpStatusCode.BadRequest) })
        {
            using var answer = await anyone.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
            Assert.Equal((status, "application/msgpack", "zstd"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentEncoding.Single()));
            Assert.Equal(ZstandardMagic, (await answer.Content.ReadAsByteArrayAsync())[..4]);
        }
    }

    [Fact]
    public async Task Refusals_OfTheGatewayAndOfRouting_AreCompressedMessagePack()
    {
        using var anyone = HubClient.Create(hub.Gateway);
        using var badToken = new HttpRequestMessage(HttpMethod.Get, "/api/games") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "none") } };
        foreach (var (request, status) in new[] { (badToken, HttpStatusCode.Unauthorized), (new HttpRequestMessage(HttpMethod.Delete, "/api/compatibility"), HttpStatusCode.MethodNotAllowed) })
        {
            using var answer = await anyone.SendAsync(request);
            Assert.Equal((status, "application/msgpack", "zstd"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentEncoding.Single()));
            Assert.Equal(ZstandardMagic, (await answer.Content.ReadAsByteArrayAsync())[..4]);
            request.Dispose();
        }
    }

    [Fact]
    public async Task Pictures_WithoutAKey_AreNotConfigured()
    {
        using var anyone = HubClient.Create(hub.Gateway);
        await ExpectErrorAsync(HttpStatusCode.ServiceUnavailable, "steamgriddb_not_configured", anyone.GetAsync("/api/steamgriddb/search/icon/5?format=json"));
    }

    private static JsonNode Version() => JsonNode.Parse(
        """
        {
          "packageToml": "Name = \"A mod\"",
          "updateSourceData": { "GitHub": { "UserName": "Sewer56", "RepositoryName": "a-mod" } },
          "downloadInfo": [{ "type": "GitHub", "userName": "Sewer56", "repositoryName": "a-mod", "assetId": 1, "fileSize": 10, "xxhash3": 18364758544493064721 }]
        }
        """)!;
}
