using Microsoft.Extensions.DependencyInjection;
using PackRelay.ServiceDefaults.Discovery;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.TelemetryService.Uptime;

namespace PackRelay.TelemetryService.Tests.Uptime;

/// <summary>The service as it runs behind gateways.</summary>
public sealed class TelemetryBehindGateways : TelemetryApi
{
    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings.Remove("Telemetry:RequireGateway");
    }
}

public sealed class GatewaySignTests(TelemetryBehindGateways api) : IClassFixture<TelemetryBehindGateways>
{
    [Fact]
    public async Task Pulse_WithoutASignOfAnyGateway_IsNotGiven()
    {
        await PulseAsync();
        Assert.False(await HasPulsedAsync());

        await api.Redis.SetAsync(GatewaySign.Key, 1, TimeSpan.FromMinutes(1));
        await PulseAsync();
        Assert.True(await HasPulsedAsync());

        await api.Redis.DeleteAsync(GatewaySign.Key);
        await api.ExecuteAsync("DELETE FROM hub_receiving");
        await PulseAsync();
        Assert.False(await HasPulsedAsync());
    }

    private Task PulseAsync() => api.Services.GetRequiredService<HubPulse>().RunAsync(CancellationToken.None);

    private Task<bool> HasPulsedAsync() => api.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM hub_receiving WHERE since > 'epoch')");
}
