using System.Net;
using System.Text.Json.Nodes;
using PackRelay.Testing;
using PackRelay.Testing.Http;

namespace PackRelay.EndToEnd.Tests.Faults;

/// <summary>Servers fall silent while the replicas that look for silent ones are killed: each is said to be offline, once.</summary>
[Collection(HubGroup.Name)]
public sealed class SweepTakeOverTests(Hub hub)
{
    private const int Servers = 20;

    [Fact]
    public async Task SilentServers_WhileEachReplicaIsKilledInTurn_AreOfflineOnceEach()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var publisher = await Publisher.RegisterAsync(hub.Gateway);
        await publisher.RegisterWebhookAsync(receiver.Url, "server.offline");
        var silent = await Task.WhenAll(Enumerable.Range(0, Servers).Select(_ => publisher.CreateServerAsync()));
        await Task.WhenAll(silent.Select(server => Publisher.ExpectAsync(HttpStatusCode.OK, publisher.BeatAsync(server, players: 1))));

        // Whichever of them holds the lease dies while the threshold runs out.
        foreach (var replica in new[] { "telemetry-1", "telemetry-2", "telemetry-1" })
        {
            var before = await hub.KillAsync(replica);
            await Wait.UntilAsync(async () => await hub.ProcessIdAsync(replica) is { } now && now != before, $"{replica} runs again", TimeSpan.FromSeconds(60));
        }

        await Wait.UntilAsync(() => Told(receiver).Count == Servers, "all of them are told", TimeSpan.FromSeconds(120));
        // One event more, so that those which should not be there have had the time to come.
        await Publisher.ExpectAsync(HttpStatusCode.OK, publisher.BeatAsync(silent[0], players: 1));
        await Publisher.ExpectAsync(HttpStatusCode.OK, publisher.StopAsync(silent[0]));
        await Wait.UntilAsync(() => Told(receiver)[silent[0]] > 1, "the last is told");
        Assert.Equal(silent.ToDictionary(server => server, server => server == silent[0] ? 2 : 1, StringComparer.Ordinal), Told(receiver));
    }

    /// <summary>How many events each server had. A delivery may come twice, with the same id; that is one event.</summary>
    private static Dictionary<string, int> Told(WebhookReceiver receiver) => receiver.Received
        .DistinctBy(request => request.Headers["X-PackRelay-Delivery"])
        .GroupBy(request => (string)JsonNode.Parse(request.Body)!["data"]!["slug"]!, StringComparer.Ordinal)
        .ToDictionary(server => server.Key, server => server.Count(), StringComparer.Ordinal);
}
