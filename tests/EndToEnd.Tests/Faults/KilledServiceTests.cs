using System.Net;
using System.Text;
using PackRelay.Testing;
using PackRelay.Testing.Http;

namespace PackRelay.EndToEnd.Tests.Faults;

/// <summary>kill -9 of any single service: the AppHost starts it again and what was tried then works.</summary>
public sealed class KilledServiceTests(Hub hub) : FaultTests(hub)
{
    [Theory]
    [InlineData("identity")]
    [InlineData("catalog")]
    [InlineData("telemetry-1")]
    [InlineData("webhook")]
    [InlineData("gateway")]
    public async Task Kill_AnyService_TheJourneyRetriedSucceeds(string service)
    {
        var before = await Hub.KillAsync(service);

        await using var receiver = await WebhookReceiver.StartAsync();
        await Wait.UntilAsync(async () =>
        {
            try
            {
                await WalkAsync(receiver);
                return true;
            }
            catch (Exception error) when (error is HttpRequestException or Xunit.Sdk.XunitException or TimeoutException)
            {
                return false; // the service is on its way back
            }
        }, $"the journey works again after kill -9 of {service}", TimeSpan.FromMinutes(2));
        Assert.NotEqual(before, await Hub.ProcessIdAsync(service));
    }

    private async Task WalkAsync(WebhookReceiver receiver)
    {
        using var publisher = await Publisher.RegisterAsync(Hub.Gateway);
        await publisher.RegisterWebhookAsync(receiver.Url, "*");
        var pack = await publisher.CreatePackAsync();
        await Publisher.ExpectAsync(HttpStatusCode.Created, publisher.PublishAsync(pack, await publisher.SignManifestAsync(pack)));
        var server = await publisher.CreateServerAsync(pack);
        await Publisher.ExpectAsync(HttpStatusCode.OK, publisher.BeatAsync(server, players: 3));
        await receiver.FirstAsync(request => request.Headers["X-PackRelay-Event"] == "server.online" && Text(request).Contains(server, StringComparison.Ordinal), TimeSpan.FromSeconds(10));
    }

    private static string Text(ReceivedRequest request) => Encoding.UTF8.GetString(request.Body);
}
