using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PackRelay.ServiceDefaults.Messaging;
using PackRelay.TelemetryService.Spool;
using PackRelay.TelemetryService.Uptime;
using PackRelay.Testing.Http;

namespace PackRelay.TelemetryService.Tests.Spool;

/// <summary>The service with nobody at InfluxDB's address and nobody at the spool's.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The test runner calls DisposeAsync.")]
public sealed class TelemetryWithoutStores : TelemetryApi
{
    // Taken, so that nobody else gets it, but not listened on: connections are refused.
    private readonly Socket deaf = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public TelemetryWithoutStores() => deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Where InfluxDB would be.</summary>
    public int DeadPort => ((IPEndPoint)deaf.LocalEndPoint!).Port;

    protected override bool HasInflux => false;

    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings["services:influxdb:http:0"] = $"http://127.0.0.1:{DeadPort}";
    }

    protected override void ReplaceServices(IServiceCollection services) => services.Replace(
        ServiceDescriptor.Singleton(new MetricsSpool(new MessagingSettings(new Uri($"amqp://guest:guest@127.0.0.1:{DeadPort}")))));

    /// <summary>A server in InfluxDB's place.</summary>
    public Task<WebhookReceiver> StartInfluxAsync()
    {
        var port = DeadPort;
        deaf.Dispose();
        return WebhookReceiver.StartAsync(port);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        deaf.Dispose();
    }
}

public sealed class NoStoreTests(TelemetryWithoutStores api) : IClassFixture<TelemetryWithoutStores>
{
    [Fact]
    public async Task Beat_WithInfluxAndTheBrokerAway_Is503WithRetryAfter()
    {
        var server = await api.SeedServerAsync();
        for (var i = 0; i < 6; i++) // more than the limit would let pass: a beat that was not kept does not count
        {
            using var answer = await server.BeatAsync(new { currentPlayers = 1 });
            await Answers.AssertErrorAsync(answer, HttpStatusCode.ServiceUnavailable, "unavailable", retryAfterSeconds: 2);
        }

        // Nor is anybody silent meanwhile: the hub does not say of itself that it receives.
        await api.ExecuteAsync("UPDATE hub_receiving SET last_pulse = 'epoch'");
        await api.Services.GetRequiredService<HubPulse>().RunAsync(CancellationToken.None);
        api.Clock.Advance(TimeSpan.FromMinutes(2)); // the longest pause to the next beat, if this server is the only one
        await api.Services.GetRequiredService<HubPulse>().RunAsync(CancellationToken.None);
        Assert.False(await api.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM hub_receiving WHERE last_pulse > 'epoch')"));
    }

    [Fact]
    public async Task Beat_WithTheBrokerAwayAndInfluxBack_Is200AtOnce()
    {
        var server = await api.SeedServerAsync();
        using (var refused = await server.BeatAsync(new { currentPlayers = 1 })) Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);

        await using var influx = await api.StartInfluxAsync();
        influx.Answer(_ => new(HttpStatusCode.NoContent));
        await server.BeatOkAsync(new { currentPlayers = 2 });
        Assert.Contains(influx.Received, request => Encoding.UTF8.GetString(request.Body).StartsWith($"heartbeat,server={server.Id} players=2i", StringComparison.Ordinal));
    }
}
