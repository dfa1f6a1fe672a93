using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Discovery;
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

        await api.WaitUntilAsync(
            async () => (await api.Redis.ExecuteAsync("HGET"u8, [LiveState.HashPrefix + server.Id, "uptime"])).AsString() == "50", TimeSpan.FromSeconds(20), "the slot is recorded");
        Assert.Equal(2, await api.ScalarAsync<long>("SELECT sum(bit_count(slots))::bigint FROM uptime_days WHERE server_id = $1", server.Id));
    }

    [Fact]
    public async Task Uptime_ByDays_IsNullWhereNothingIsKnown()
    {
        var today = Slots.DayOf(Slots.Of(api.Clock.GetUtcNow()));
        var server = await api.SeedServerAsync(createdAt: new DateTimeOffset(today.AddDays(-15).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
        // Long before what other tests tell of today, or of the day before when it is about midnight.
        await HubReceivedAsync(today.AddDays(-13), Slots.PerDay);
        await HubReceivedAsync(today.AddDays(-12), Slots.PerDay);
        foreach (var (day, slots) in new[] { (today.AddDays(-13), Slots.PerDay / 4), (today.AddDays(-11), 1) })
        {
            await api.ExecuteAsync(
                "INSERT INTO uptime_days (server_id, day, slots) VALUES ($1, $2, (repeat('1', $3) || repeat('0', 288 - $3))::bit(288))", server.Id, day, slots);
        }

        var known = api.Services.GetRequiredService<UptimeQueries>();
        await known.RefreshKnownAsync(everything: true, api.Clock.GetUtcNow(), CancellationToken.None);

        using var client = api.CreateClient();
        var days = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/servers/{server.Slug}/uptime")).GetProperty("days").EnumerateArray().ToArray();

        Assert.Equal(90, days.Length);
        Assert.Equal(Enumerable.Range(-89, 90).Select(offset => today.AddDays(offset).ToString("yyyy-MM-dd", null)), days.Select(day => day.GetProperty("date").GetString()));
        Assert.All(days.Take(76), day => Assert.Equal(JsonValueKind.Null, day.GetProperty("uptimePct").ValueKind)); // before it was there, and before the hub listened
        Assert.Equal([25.0, 0.0, 100.0], days[76..79].Select(day => day.GetProperty("uptimePct").GetDouble()));
    }

    [Fact]
    public async Task Prune_AfterNinetyDays_ForgetsWhatNobodyLooksAtAnyMore()
    {
        var server = await api.SeedServerAsync();
        var today = Slots.DayOf(Slots.Of(api.Clock.GetUtcNow()));
        foreach (var age in new[] { 89, 90, 91, 92, 200 })
        {
            await api.ExecuteAsync("INSERT INTO uptime_days (server_id, day, slots) VALUES ($1, $2, repeat('1', 288)::bit(288))", server.Id, today.AddDays(-age));
            await HubReceivedAsync(today.AddDays(-age), 1);
        }

        await api.Services.GetRequiredService<UptimeQueries>().PruneAsync(api.Clock.GetUtcNow(), CancellationToken.None);

        // Today and the 89 days before it are shown; one more is kept, and for servers the day in which that begins.
        var days = await api.ScalarAsync<int[]>("SELECT array_agg($1::date - day ORDER BY day DESC) FROM uptime_days WHERE server_id = $2", today, server.Id);
        var slots = await api.ScalarAsync<int[]>(
            "SELECT array_agg(($1 - slot) / 288 ORDER BY slot DESC)::int[] FROM hub_slots WHERE slot <= $2", Slots.FirstOf(today), Slots.FirstOf(today.AddDays(-89)));
        Assert.Equal([89, 90, 91], days!);
        Assert.Equal([89, 90], slots!);
    }

    [Fact]
    public async Task Uptime_OfAnUnknownServer_Is404()
    {
        using var client = api.CreateClient();
        using var answer = await client.GetAsync("/api/v1/servers/nobody/uptime");
        await Answers.AssertErrorAsync(answer, HttpStatusCode.NotFound, "server_not_found");
    }

    [Fact]
    public async Task Uptime_OfAServerThatIsOffline_FallsAndIsTold()
    {
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 1 });
        var stopped = (await server.BeatOkAsync(new { currentPlayers = 1, state = "stopping" })).GetProperty("lastSeenAt").GetDateTimeOffset();
        await using var live = await api.ObserveAsync<ServersLive>();
        for (var slot = 0; slot < 4; slot++) await SlotAsync();
        await api.Services.GetRequiredService<UptimeQueries>().RefreshKnownAsync(everything: false, api.Clock.GetUtcNow(), CancellationToken.None);

        await api.Services.GetRequiredService<OfflineUptime>().RunAsync(CancellationToken.None);
        await api.Services.GetRequiredService<LiveAnnouncer>().RunAsync(CancellationToken.None);

        await api.WaitUntilAsync(() => Task.FromResult(Told().Any(entry => entry.UptimePct < 100)), TimeSpan.FromSeconds(20), "the uptime is told");
        var told = Told().Last();
        Assert.Equal((false, 0, stopped), (told.Online, told.CurrentPlayers, told.LastSeenAt));
        Assert.InRange(told.UptimePct, 20, 50); // one slot of four or five

        IEnumerable<LiveServer> Told() => live.Received.SelectMany(batch => batch.Servers).Where(entry => entry.ServerId == server.Id);
    }

    [Fact]
    public async Task Uptime_BeforeTheHubsOwnSlotsWereRead_IsNotThatOfTheSlotsWithBeats()
    {
        var now = api.Clock.GetUtcNow();
        var server = await api.SeedServerAsync(createdAt: now.AddDays(-3));
        await HubReceivedAsync(Slots.DayOf(Slots.Of(now)).AddDays(-2), slots: 99);
        var queries = new UptimeQueries(api.Postgres.Source, new KnownSlots());
        await using var connection = await api.Postgres.Source.OpenConnectionAsync();
        var percents = await queries.RecordAsync(connection, [new SlotBeat(server.Id, now.AddDays(-3), Slots.Of(now))], now, CancellationToken.None);
        Assert.InRange(percents[server.Id], 0.1, 1.1);
    }

    [Theory]
    [InlineData(300, 60)]
    [InlineData(86_400, 60)]
    [InlineData(120, 40)]
    [InlineData(30, 10)]
    [InlineData(20, 6.67)]
    [InlineData(10, 4)]
    public void Gap_WithTheLongestPauseBetweenBeats_IsShorterThanTheSilenceThatCounts(int offlineAfterSeconds, double gapSeconds)
    {
        var options = new LiveOptions { OfflineAfter = TimeSpan.FromSeconds(offlineAfterSeconds) };
        Assert.Equal(gapSeconds, HubPulse.Gap(options).TotalSeconds, 2);
        Assert.True(HubPulse.Gap(options) + (options.OfflineAfter / 2) < options.OfflineAfter);
        Assert.True(HubPulse.Pause(options) + GatewaySign.Interval < HubPulse.Gap(options)); // else a hub that is well would seem to be away
    }

    private Task<int> HubReceivedAsync(DateOnly day, int slots) => api.ExecuteAsync(
        "INSERT INTO hub_slots (slot, pulses) SELECT n, (1 << 30) - 1 FROM generate_series($1::bigint, $2::bigint) n ON CONFLICT DO NOTHING", Slots.FirstOf(day), Slots.FirstOf(day) + slots - 1);

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
