using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PackRelay.EndToEnd.Tests.Documents;
using PackRelay.Testing;
using PackRelay.Testing.Http;

namespace PackRelay.EndToEnd.Tests;

/// <summary>The whole life of a pack, through the gateway only.</summary>
[Collection(HubGroup.Name)]
public sealed class JourneyTests(Hub hub)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Journey_FromAnEmptyAccountToADeliveredWebhook_Works()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var publisher = await Publisher.RegisterAsync(hub.Gateway);
        using var anyone = HubClient.Create(hub.Gateway);
        var (_, secret) = await publisher.RegisterWebhookAsync(receiver.Url, "pack.version_published", "server.online");

        var pack = await publisher.CreatePackAsync();
        var file = await publisher.UploadAsync(size: 300_000);
        var manifest = publisher.SignManifest(pack, "1.0.0", [file]);
        var published = await Publisher.ExpectAsync(HttpStatusCode.Created, publisher.PublishAsync(pack, manifest));
        Assert.Equal((pack, "1.0.0"), ((string?)published["slug"], (string?)published["version"]));

        await ReadItBackAsync(anyone, publisher, pack, manifest, file.Sha256);
        await RunAServerAsync(anyone, publisher, pack, manifest);

        foreach (var name in new[] { "pack.version_published", "server.online" })
        {
            var delivery = await receiver.FirstAsync(request => request.Headers["X-PackRelay-Event"] == name, Soon);
            Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), delivery.Body)), delivery.Headers["X-PackRelay-Signature"]);
            Assert.Equal(name, (string?)JsonNode.Parse(delivery.Body)!["event"]);
        }
    }

    private static async Task ReadItBackAsync(HttpClient anyone, Publisher publisher, string pack, byte[] manifest, string sha256)
    {
        var packs = await Publisher.ExpectAsync(HttpStatusCode.OK, anyone.GetAsync($"/api/v1/packs?q={pack}"));
        Assert.Equal("1.0.0", (string?)packs["packs"]!.AsArray().Single(found => (string?)found!["slug"] == pack)!["latestVersion"]);

        Assert.Equal(manifest, await anyone.GetByteArrayAsync($"/api/v1/packs/{pack}/manifest"));
        Assert.Equal(manifest, await anyone.GetByteArrayAsync($"/api/v1/packs/{pack}/manifest/1.0.0"));
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(await anyone.GetByteArrayAsync($"/api/v1/files/{sha256}"))));

        var key = await Publisher.ExpectAsync(HttpStatusCode.OK, anyone.GetAsync($"/api/v1/keys/{Uri.EscapeDataString(publisher.KeyId)}"));
        var sameKey = await Publisher.ExpectAsync(HttpStatusCode.OK, anyone.GetAsync($"/api/v1/keys/{publisher.KeyId}"));
        Assert.Equal(key.ToJsonString(), sameKey.ToJsonString());
        Assert.True(await NodeCrypto.VerifyManifestAsync(manifest, (string)key["publicKey"]!), "node's crypto does not accept the served manifest's signature");
    }

    private static async Task RunAServerAsync(HttpClient anyone, Publisher publisher, string pack, byte[] manifest)
    {
        var server = await publisher.CreateServerAsync(pack);
        var beat = await Publisher.ExpectAsync(HttpStatusCode.OK, publisher.BeatAsync(server, players: 7));
        Assert.True((bool?)beat["online"]);

        await Wait.UntilAsync(async () =>
        {
            var servers = await Publisher.ExpectAsync(HttpStatusCode.OK, anyone.GetAsync($"/api/v1/servers?pack={pack}"));
            var listed = servers["servers"]!.AsArray().Single()!;
            return (bool)listed["online"]! && (int)listed["currentPlayers"]! == 7 && (string?)listed["attachedPack"]!["slug"] == pack;
        }, $"{server} is listed as online with 7 players", Soon);
        await Wait.UntilAsync(
            async () =>
            {
                using var answer = await publisher.BeatAsync(server, players: 7); // the first may have come before telemetry heard of the pack, and too many are refused
                if (answer.IsSuccessStatusCode) beat = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
                return beat["attachedPack"]?["version"] is not null;
            },
            "telemetry has heard of the pack",
            Soon);
        Assert.Equal((pack, "1.0.0"), ((string?)beat["attachedPack"]!["slug"], (string?)beat["attachedPack"]!["version"]));
        Assert.Equal(manifest, await anyone.GetByteArrayAsync($"/api/v1/servers/{server}/manifest"));

        // Stored before the answer: the point is there at the first look.
        var curve = await Publisher.ExpectAsync(HttpStatusCode.OK, anyone.GetAsync($"/api/v1/servers/{server}/metrics?window=1h&buckets=12"));
        var filled = curve["buckets"]!.AsArray().Where(found => found!["players"] is not null).ToList(); // two when the beats lie on both sides of a full five minutes
        Assert.InRange(filled.Count, 1, 2);
        Assert.All(filled, bucket => Assert.Equal((7, 7, 41.5, 63), ((double)bucket!["players"]!, (int)bucket["playersMax"]!, (double)bucket["cpu"]!, (double)bucket["ram"]!)));
    }
}
