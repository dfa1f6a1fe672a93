using PackRelay.EndToEnd.Tests.Documents;
using PackRelay.Testing;

namespace PackRelay.EndToEnd.Tests.Faults;

/// <summary>Beats acknowledged while something dies: none may be missing afterwards, and none twice.</summary>
public sealed class LostBeatTests(Hub hub) : FaultTests(hub)
{
    private const int Servers = 20;

    [Theory]
    [InlineData("influxdb")]
    [InlineData("cache")]
    [InlineData("messaging")]
    public async Task Beats_WhileAStoreIsKilled_AreAllAcknowledgedAndInTheCurve(string store)
    {
        var servers = await CreateServersAsync();
        await Task.WhenAll(servers.Select(BeatAcknowledgedAsync));

        var before = await Hub.KillAsync(store);
        await Task.WhenAll(servers.Select(BeatAcknowledgedAsync));
        await Wait.UntilAsync(async () => await Hub.ProcessIdAsync(store) is { } id && id != before, $"{store} runs again");
        await Task.WhenAll(servers.Select(BeatAcknowledgedAsync));

        await AssertAllStoredAsync(servers);
    }

    [Fact]
    public async Task Beats_WhileOneOfTwoReplicasIsKilled_AreServedByTheOther()
    {
        var servers = await CreateServersAsync();
        await Task.WhenAll(servers.Select(BeatAcknowledgedAsync));

        var beating = servers.Select(server => server.BeatAsync()).ToArray();
        await Hub.KillAsync("telemetry-2");
        var broken = (await Task.WhenAll(beating)).Count(acknowledged => !acknowledged);
        // Until the killed process's connections are closed, a beat may still meet one of them: the agent's next try is served.
        await Task.WhenAll(servers.Select(server => server.BeatUntilAcknowledgedAsync()));

        Assert.True(broken < Servers, "every beat under way was lost with one of two replicas");
        await AssertAllStoredAsync(servers);
    }

    private static async Task BeatAcknowledgedAsync(BeatingServer server) =>
        Assert.True(await server.BeatAsync(), $"a beat of {server.Slug} was not acknowledged");

    private async Task<BeatingServer[]> CreateServersAsync()
    {
        var publisher = await Hub.PublisherAsync();
        return await Task.WhenAll(Enumerable.Range(0, Servers).Select(_ => BeatingServer.CreateAsync(publisher)));
    }

    private async Task AssertAllStoredAsync(BeatingServer[] servers)
    {
        using var anyone = HubClient.Create(Hub.Gateway);
        await Task.WhenAll(servers.Select(server => server.AssertAllStoredAsync(anyone)));
    }
}
