using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PackRelay.EndToEnd.Tests.Documents;
using static PackRelay.EndToEnd.Tests.Publisher;

namespace PackRelay.EndToEnd.Tests;

/// <summary>What the gateway answers to what must not work, with the status and code that the documents promise.</summary>
[Collection(HubGroup.Name)]
public sealed class BadInputTests(Hub hub)
{
    private const string UnknownToken = "prl_0000000000000000000000000000000000000000000000000";

    /// <summary>Every unsafe route of the journey that needs an API token; {pack} and {server} belong to the publisher.</summary>
    public static TheoryData<string, string> ProtectedRoutes => new()
    {
        { "POST", "/api/v1/keys" },
        { "POST", "/api/v1/packs" },
        { "POST", "/api/v1/packs/{pack}/versions" },
        { "PUT", "/api/v1/files/put?pathname=packs/files/0000000000000000000000000000000000000000000000000000000000000000" },
        { "POST", "/api/v1/servers" },
        { "PUT", "/api/v1/servers/{server}/pack" },
        { "POST", "/api/v1/servers/{server}/heartbeat" },
        { "POST", "/api/v1/heartbeats" },
        { "POST", "/api/v1/webhooks" },
    };

    /// <summary>Those of them that read a small JSON body.</summary>
    public static TheoryData<string, string> JsonRoutes
    {
        get
        {
            var routes = new TheoryData<string, string>
            {
                { "POST", "/api/v1/accounts" },
                { "POST", "/api/v1/sessions" },
            };
            foreach (var route in ProtectedRoutes)
                if ((string)route[0] is var method && (string)route[1] is var path && !path.Contains("/files/", StringComparison.Ordinal))
                    routes.Add(method, path);
            return routes;
        }
    }

    [Theory]
    [MemberData(nameof(ProtectedRoutes))]
    public async Task Protected_WithoutAToken_Is401(string method, string path)
    {
        using var anyone = HubClient.Create(hub.Gateway);
        await ExpectErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated", SendAsync(anyone, method, path, "{}"u8.ToArray()));
    }

    [Theory]
    [MemberData(nameof(ProtectedRoutes))]
    public async Task Protected_WithAWrongToken_Is401(string method, string path)
    {
        using var stranger = HubClient.Create(hub.Gateway);
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", UnknownToken);
        await ExpectErrorAsync(HttpStatusCode.Unauthorized, "invalid_token", SendAsync(stranger, method, path, "{}"u8.ToArray()));
    }

    [Theory]
    [MemberData(nameof(JsonRoutes))]
    public async Task Json_Malformed_Is400(string method, string path)
    {
        var publisher = await hub.PublisherAsync();
        var answer = await ExpectAsync(HttpStatusCode.BadRequest, SendAsync(publisher.Client, method, await FillAsync(path), "{\"name\":"u8.ToArray()));
        Assert.Contains((string?)answer["code"], new[] { "invalid_json", "invalid_heartbeat", "manifest_shape" });
    }

    [Theory]
    [MemberData(nameof(JsonRoutes))]
    public async Task Json_OfTenMegabytes_Is413(string method, string path)
    {
        var publisher = await hub.PublisherAsync();
        var body = Encoding.UTF8.GetBytes($$"""{"name":"{{new string('a', 10_000_000)}}"}""");
        await ExpectErrorAsync(HttpStatusCode.RequestEntityTooLarge, "too_large", SendAsync(publisher.Client, method, await FillAsync(path), body));
    }

    [Theory]
    [InlineData("POST", "/api/v1/packs/{pack}/versions")]
    [InlineData("PUT", "/api/v1/servers/{server}/pack")]
    [InlineData("POST", "/api/v1/servers/{server}/heartbeat")]
    public async Task Owned_ByAnotherAccount_Is403(string method, string path)
    {
        using var other = await RegisterAsync(hub.Gateway);
        await ExpectErrorAsync(HttpStatusCode.Forbidden, "not_owner", SendAsync(other.Client, method, await FillAsync(path), "{}"u8.ToArray()));
    }

    [Fact]
    public async Task Publish_WithAWrongSignature_Is422()
    {
        var publisher = await hub.PublisherAsync();
        var pack = await publisher.CreatePackAsync();
        var manifest = JsonNode.Parse(await publisher.SignManifestAsync(pack))!;
        manifest["signature"]!["value"] = new string('0', 128);

        await ExpectErrorAsync(HttpStatusCode.UnprocessableEntity, "invalid_signature", publisher.PublishAsync(pack, Encoding.UTF8.GetBytes(manifest.ToJsonString())));
    }

    [Fact]
    public async Task Publish_Tampered_Is422()
    {
        var publisher = await hub.PublisherAsync();
        var pack = await publisher.CreatePackAsync();
        var manifest = JsonNode.Parse(await publisher.SignManifestAsync(pack))!;
        manifest["gameVersion"] = "V2.1";

        await ExpectErrorAsync(HttpStatusCode.UnprocessableEntity, "invalid_signature", publisher.PublishAsync(pack, Encoding.UTF8.GetBytes(manifest.ToJsonString())));
    }

    [Fact]
    public async Task Publish_WithAnUnknownKey_Is422()
    {
        var publisher = await hub.PublisherAsync();
        var pack = await publisher.CreatePackAsync();
        var manifest = publisher.SignManifest(pack, "1.0.0", [await publisher.UploadAsync()], keyId: $"{publisher.Username}/never-registered");

        await ExpectErrorAsync(HttpStatusCode.UnprocessableEntity, "unknown_key", publisher.PublishAsync(pack, manifest));
    }

    [Fact]
    public async Task Publish_WithAFileThatWasNotUploaded_Is422AndNamesIt()
    {
        var publisher = await hub.PublisherAsync();
        var pack = await publisher.CreatePackAsync();
        var missing = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

        var answer = await ExpectErrorAsync(HttpStatusCode.UnprocessableEntity, "missing_files", publisher.PublishAsync(pack, publisher.SignManifest(pack, "1.0.0", [(missing, 12)])));
        Assert.Equal(missing, (string?)Assert.Single(answer["missing"]!.AsArray()));
    }

    [Fact]
    public async Task Publish_ForAnotherPack_Is400()
    {
        var publisher = await hub.PublisherAsync();
        var pack = await publisher.CreatePackAsync();

        await ExpectErrorAsync(HttpStatusCode.BadRequest, "slug_mismatch", publisher.PublishAsync(pack, await publisher.SignManifestAsync(NewSlug("pack"))));
    }

    [Fact]
    public async Task Publish_OfAnotherShape_Is400AndListsEveryProblem()
    {
        var publisher = await hub.PublisherAsync();
        var pack = await publisher.CreatePackAsync();
        var manifest = JsonNode.Parse(await publisher.SignManifestAsync(pack))!;
        manifest["version"] = "one";
        manifest["files"]![0]!["path"] = "../escape";

        var answer = await ExpectErrorAsync(HttpStatusCode.BadRequest, "manifest_shape", publisher.PublishAsync(pack, Encoding.UTF8.GetBytes(manifest.ToJsonString())));
        var paths = answer["details"]!.AsArray().Select(detail => (string?)detail!["path"]).ToList();
        Assert.Contains("version", paths);
        Assert.Contains("files[0].path", paths);
    }

    [Fact]
    public async Task Publish_TheSameVersionTwice_Is409()
    {
        var publisher = await hub.PublisherAsync();
        var pack = await publisher.CreatePackAsync();
        var manifest = await publisher.SignManifestAsync(pack);
        await ExpectAsync(HttpStatusCode.Created, publisher.PublishAsync(pack, manifest));

        await ExpectErrorAsync(HttpStatusCode.Conflict, "duplicate_version", publisher.PublishAsync(pack, manifest));
    }

    [Fact]
    public async Task Publish_ToAnUnknownPack_Is404BeforeTheBodyIsLookedAt()
    {
        var publisher = await hub.PublisherAsync();
        await ExpectErrorAsync(HttpStatusCode.NotFound, "not_found", publisher.PublishAsync(NewSlug("pack"), "{}"u8.ToArray()));
    }

    [Fact]
    public async Task Upload_WithAnotherHash_Is422AndStoresNothing()
    {
        var publisher = await hub.PublisherAsync();
        var wrong = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

        await ExpectErrorAsync(HttpStatusCode.UnprocessableEntity, "hash_mismatch", publisher.PutFileAsync(wrong, [1, 2, 3]));
        Assert.Equal(HttpStatusCode.NotFound, (await publisher.Client.GetAsync($"/api/v1/files/{wrong}")).StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v2/packs")]
    [InlineData("/internal/servers/x")]
    [InlineData("/api/v1/../internal/callers")]
    [InlineData("/api/v1/packs/no-such-pack")]
    [InlineData("/api/v1/packs/no-such-pack/manifest")]
    [InlineData("/api/v1/keys/nobody%2Fmain")]
    [InlineData("/api/v1/files/0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("/api/v1/servers/no-such-server/manifest")]
    public async Task Get_OfWhatIsNotThere_Is404(string path)
    {
        using var anyone = HubClient.Create(hub.Gateway);
        await ExpectErrorAsync(HttpStatusCode.NotFound, "not_found", anyone.GetAsync(path));
    }

    [Fact]
    public async Task Caller_ForgedFromOutside_IsIgnored()
    {
        using var forger = HubClient.Create(hub.Gateway);
        forger.DefaultRequestHeaders.Add("X-PackRelay-Caller", "eyJhIjoiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIn0.AAAA");

        await ExpectErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated", forger.PostAsJsonAsync("/api/v1/packs", new { }));
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, byte[] body) =>
        client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } });

    private async Task<string> FillAsync(string path)
    {
        var publisher = await hub.PublisherAsync();
        if (path.Contains("{pack}", StringComparison.Ordinal)) path = path.Replace("{pack}", await publisher.CreatePackAsync(), StringComparison.Ordinal);
        if (path.Contains("{server}", StringComparison.Ordinal)) path = path.Replace("{server}", await publisher.CreateServerAsync(), StringComparison.Ordinal);
        return path;
    }
}
