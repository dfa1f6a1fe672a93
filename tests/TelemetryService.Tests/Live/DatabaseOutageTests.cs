using System.Diagnostics;
using PackRelay.Contracts;

namespace PackRelay.TelemetryService.Tests.Live;

/// <summary>The service with the patience that it is shipped with.</summary>
public sealed class TelemetryInAHurry : TelemetryApi
{
    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings["Telemetry:StatusTimeout"] = "00:00:02";
    }
}

public sealed class DatabaseOutageTests(TelemetryInAHurry api) : IClassFixture<TelemetryInAHurry>
{
    [Fact]
    public async Task Beats_WhileTheDatabaseHangs_AreAnsweredAllTheSameAndRecordedWithTheNextBeat()
    {
        var servers = new List<TestServer>();
        for (var i = 0; i < 12; i++) servers.Add(await api.SeedServerAsync());
        await using var online = await api.ObserveAsync<ServerWentOnline>();

        await using (var hanging = await api.Postgres.Source.OpenConnectionAsync())
        await using (var transaction = await hanging.BeginTransactionAsync())
        {
            await using var command = hanging.CreateCommand();
            command.CommandText = "LOCK TABLE server_status IN ACCESS EXCLUSIVE MODE";
            await command.ExecuteNonQueryAsync();

            // One after the other: a time-out each would be 24 s, and a gateway gives up after 10.
            var started = Stopwatch.GetTimestamp();
            await servers[0].BeatOkAsync(new { currentPlayers = 1 });
            await Task.WhenAll(servers.Skip(1).Select(server => server.BeatOkAsync(new { currentPlayers = 1 })));
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20));
            await transaction.RollbackAsync();
        }

        await api.WaitUntilAsync(
            async () =>
            {
                api.Clock.Advance(TimeSpan.FromSeconds(5));
                await Task.WhenAll(servers.Select(server => server.BeatOkAsync(new { currentPlayers = 1 })));
                return await api.ScalarAsync<long>("SELECT count(*) FROM server_status WHERE online AND server_id = ANY ($1)", servers.Select(server => server.Id).ToArray()) == servers.Count;
            },
            TimeSpan.FromSeconds(20), "the status is recorded");
        await api.AssertNothingLeftAsync();
        Assert.All(servers, server => Assert.Single(online.Received, went => went.ServerId == server.Id));
    }
}
