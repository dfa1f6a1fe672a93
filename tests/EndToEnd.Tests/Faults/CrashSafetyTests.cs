using System.Net;
using System.Text;
using PackRelay.EndToEnd.Tests.Documents;
using PackRelay.Testing;
using PackRelay.Testing.Http;

namespace PackRelay.EndToEnd.Tests.Faults;

/// <summary>What was acknowledged is there after a crash.</summary>
public sealed class CrashSafetyTests(Hub hub) : FaultTests(hub)
{
    [Fact]
    public async Task Publish_ThenKillCatalogAndPostgres_TheVersionIsServedByteForByte()
    {
        var publisher = await Hub.PublisherAsync();
        var pack = await publisher.CreatePackAsync();
        var manifest = await publisher.SignManifestAsync(pack);
        await Publisher.ExpectAsync(HttpStatusCode.Created, publisher.PublishAsync(pack, manifest));

        await Task.WhenAll(Hub.KillAsync("catalog"), Hub.KillAsync("postgres"));

        using var anyone = HubClient.Create(Hub.Gateway);
        var served = await Hub.RetryAsync(() => anyone.GetAsync($"/api/v1/packs/{pack}/manifest/1.0.0"), "the version is served again");
        Assert.Equal(manifest, await served.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Beat_ThenKillBothTelemetriesAndInfluxAndRedis_ThePointIsThere()
    {
        var publisher = await Hub.PublisherAsync();
        var server = await publisher.CreateServerAsync();
        await Publisher.ExpectAsync(HttpStatusCode.OK, publisher.BeatAsync(server, players: 5));

        await Task.WhenAll(Hub.KillAsync("telemetry-1"), Hub.KillAsync("telemetry-2"), Hub.KillAsync("influxdb"), Hub.KillAsync("cache"));

        using var anyone = HubClient.Create(Hub.Gateway);
        await Wait.UntilAsync(async () =>
        {
            var answer = await Hub.RetryAsync(() => anyone.GetAsync($"/api/v1/servers/{server}/metrics?window=1h"), "the curve is served again");
            return (await answer.Content.ReadAsStringAsync()).Contains("\"players\":5", StringComparison.Ordinal);
        }, "the acknowledged beat is in the curve", TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Publish_WhileTheBrokerIsDown_TheWebhookComesWhenItIsBack()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var publisher = await Publisher.RegisterAsync(Hub.Gateway);
        await publisher.RegisterWebhookAsync(receiver.Url, "pack.version_published");
        var pack = await publisher.CreatePackAsync();
        var manifest = await publisher.SignManifestAsync(pack);

        await Hub.KillAsync("messaging");
        await Publisher.ExpectAsync(HttpStatusCode.Created, publisher.PublishAsync(pack, manifest));

        await receiver.FirstAsync(request => Text(request).Contains(pack, StringComparison.Ordinal), TimeSpan.FromMinutes(3));
    }

    private static string Text(ReceivedRequest request) => Encoding.UTF8.GetString(request.Body);
}
