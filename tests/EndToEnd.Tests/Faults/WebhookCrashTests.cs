using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.Testing;
using PackRelay.Testing.Http;

namespace PackRelay.EndToEnd.Tests.Faults;

/// <summary>kill -9 of whatever a webhook passes through, while webhooks are being delivered.</summary>
public sealed class WebhookCrashTests(Hub hub) : FaultTests(hub)
{
    private const int Changes = 40;

    [Theory]
    [InlineData("webhook")]
    [InlineData("postgres")]
    [InlineData("messaging")]
    public async Task Kill_AmidDeliveries_EveryAcknowledgedEventArrivesUnderOneId(string resource)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer(_ => new ReceiverAnswer(HttpStatusCode.OK, Delay: TimeSpan.FromMilliseconds(50))); // so that some are under way at any time
        using var publisher = await Publisher.RegisterAsync(Hub.Gateway);
        await publisher.RegisterWebhookAsync(receiver.Url, "pack.updated");
        var pack = await publisher.CreatePackAsync();

        var acknowledged = new List<string>();
        for (var i = 0; i < Changes; i++)
        {
            acknowledged.Add(await ChangeAsync(publisher, pack, i));
            if (i == Changes / 2) await Hub.KillAsync(resource);
        }

        await Wait.UntilAsync(
            () => !acknowledged.Except(receiver.Received.Select(NameOf)).Any(), $"every change is told after kill -9 of {resource}", TimeSpan.FromMinutes(2));
        // One that was not acknowledged may have come true all the same; it has an id of its own like every other.
        Assert.All(receiver.Received.GroupBy(NameOf), told => Assert.Single(told.Select(request => request.Headers["webhook-id"]).Distinct()));
        var byId = receiver.Received.GroupBy(request => request.Headers["webhook-id"], request => Convert.ToHexString(request.Body));
        Assert.All(byId, same => Assert.Single(same.Distinct()));
    }

    /// <summary>Gives the pack a name that it never had; again with another one until it is acknowledged.</summary>
    private async Task<string> ChangeAsync(Publisher publisher, string pack, int number)
    {
        var (name, trial) = ("", 0);
        using var answer = await Hub.RetryAsync(
            () =>
            {
                name = $"Change {number} of {pack}, trial {trial++}";
                return publisher.Client.PatchAsJsonAsync($"/api/v1/packs/{pack}", new { name });
            },
            "the change is acknowledged");
        return name;
    }

    private static string NameOf(ReceivedRequest request) => JsonDocument.Parse(request.Body).RootElement.GetProperty("data").GetProperty("name").GetString()!;
}
