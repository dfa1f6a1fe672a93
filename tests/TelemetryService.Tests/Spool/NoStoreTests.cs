using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PackRelay.ServiceDefaults.Messaging;
using PackRelay.TelemetryService.Spool;
using PackRelay.TelemetryService.Uptime;

namespace PackRelay.TelemetryService.Tests.Spool;

/// <summary>The service with nobody at InfluxDB's address and nobody at the spool's.</summary>
public sealed class TelemetryWithoutStores : TelemetryApi
{
    private readonly int deadPort = FindDeadPort();

    protected override bool HasInflux => false;

    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings["services:influxdb:http:0"] = $"http://127.0.0.1:{deadPort}";
    }

    protected override void ReplaceServices(IServiceCollection services) => services.Replace(
        ServiceDescriptor.Singleton(new MetricsSpool(new MessagingSettings(new Uri($"amqp://guest:guest@127.0.0.1:{deadPort}")))));

    private static int FindDeadPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

public sealed class NoStoreTests(TelemetryWithoutStores api) : IClassFixture<TelemetryWithoutStores>
{
    [Fact]
    public async Task Beat_WithInfluxAndTheBrokerAway_Is503WithRetryAfter()
    {
        var server = await api.SeedServerAsync();
        using var answer = await server.BeatAsync(new { currentPlayers = 1 });
        await Answers.AssertErrorAsync(answer, HttpStatusCode.ServiceUnavailable, "unavailable", retryAfterSeconds: 2);

        // Nor is anybody silent meanwhile: the hub does not say of itself that it receives.
        await api.ExecuteAsync("UPDATE hub_receiving SET last_pulse = 'epoch'");
        await api.Services.GetRequiredService<HubPulse>().RunAsync(CancellationToken.None);
        Assert.False(await api.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM hub_receiving WHERE last_pulse > 'epoch')"));
    }
}
