using Microsoft.Extensions.DependencyInjection;
using PackRelay.ServiceDefaults.Discovery;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.TelemetryService.Live;
using PackRelay.TelemetryService.Uptime;

namespace PackRelay.TelemetryService.Tests.Live;

/// <summary>The service behind gateways, with servers that go offline soon.</summary>
public sealed class TelemetryOfShortSilences : TelemetryApi
{
    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings.Remove("Telemetry:RequireGateway");
        settings["Telemetry:OfflineAfter"] = "00:00:30";
    }
}

public sealed class DeafHubTests(TelemetryOfShortSilences api) : IClassFixture<TelemetryOfShortSilences>
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Sweep_WhileNoGatewayPassesRequestsOn_TakesNobodyOfflineAndCountsFromItsReturn()
    {
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(40); passed += Step) await StepAsync(signAge: TimeSpan.Zero);
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 1 });
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(8); passed += Step) await StepAsync(signAge: TimeSpan.Zero);

        // The last sign outlives its gateway for a while.
        for (var away = Step; away <= TimeSpan.FromSeconds(60); away += Step)
        {
            await StepAsync(away);
            Assert.True(await IsOnlineAsync(server), $"{away} after the last sign");
        }

        for (var passed = Step; passed <= TimeSpan.FromSeconds(26); passed += Step)
        {
            await StepAsync(signAge: TimeSpan.Zero);
            Assert.True(await IsOnlineAsync(server), $"{passed} after the sign was back");
        }

        await api.WaitUntilAsync(
            async () =>
            {
                await StepAsync(signAge: TimeSpan.Zero);
                return !await IsOnlineAsync(server);
            },
            TimeSpan.FromSeconds(60), "the server is silent");
    }

    private Task<bool> IsOnlineAsync(TestServer server) => api.ScalarAsync<bool>("SELECT online FROM server_status WHERE server_id = $1", server.Id);

    /// <summary>Lets two seconds pass, at whose end the last sign of a gateway is so old, and looks who is silent.</summary>
    private async Task StepAsync(TimeSpan signAge)
    {
        // Before the clock moves: the service's own pulse may come in between, and must not take the sign for younger than it is.
        if (signAge < GatewaySign.Lifetime) await api.Redis.SetAsync(GatewaySign.Key, 1, GatewaySign.Lifetime - signAge);
        else await api.Redis.DeleteAsync(GatewaySign.Key);
        api.Clock.Advance(Step);
        await api.Services.GetRequiredService<HubPulse>().RunAsync(CancellationToken.None);
        if (await api.Services.GetRequiredService<SweepLease>().TryHoldAsync(CancellationToken.None) is { } fence)
            await api.Services.GetRequiredService<OfflineSweep>().RunAsync(fence, CancellationToken.None);
    }
}
