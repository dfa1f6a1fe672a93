using Microsoft.Extensions.DependencyInjection;
using PackRelay.TelemetryService.Live;
using PackRelay.TelemetryService.Uptime;

namespace PackRelay.TelemetryService.Tests.Uptime;

public sealed class UptimeTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Fact]
    public async Task Beat_InSomeSlots_IsRecordedOncePerSlotAndGivesTheShare()
    {
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 1 });
        await server.BeatOkAsync(new { currentPlayers = 1 });
        await SlotAsync(); // a slot in which the hub listens and the server is silent
        await SlotAsync();
        await SlotAsync();
        await server.BeatOkAsync(new { currentPlayers = 1 });

        Assert.Equal(2, await api.ScalarAsync<long>("SELECT sum(bit_count(slots))::bigint FROM uptime_days WHERE server_id = $1", server.Id));
        Assert.Equal("50", (await api.Redis.ExecuteAsync("HGET"u8, [LiveState.HashPrefix + server.Id, "uptime"])).AsString());
    }

    /// <summary>Five minutes in which the hub receives.</summary>
    private async Task SlotAsync()
    {
        for (var pulse = 0; pulse < KnownSlots.PulsesPerSlot; pulse++)
        {
            api.Clock.Advance(HubPulse.Interval);
            await api.Services.GetRequiredService<HubPulse>().RunAsync(CancellationToken.None);
        }
    }
}
