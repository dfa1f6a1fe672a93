using PackRelay.LocalHosting.Servers;
using PackRelay.Testing;

namespace PackRelay.TelemetryService.Tests.Spool;

/// <summary>The service with an InfluxDB of its own, which tests stop or freeze.</summary>
public sealed class TelemetryWithItsInflux : TelemetryApi
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("packrelay-influx-");

    private InfluxServer? influx;

    public override async Task InitializeAsync()
    {
        await StartInfluxAsync(port: 0);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await StopInfluxAsync();
        folder.Delete(recursive: true);
    }

    public async Task StartInfluxAsync(int? port = null) => influx = await InfluxServer.StartAsync(
        new() { DataDirectory = folder.FullName, Password = "secret", Port = port ?? influx!.Port }, CancellationToken.None);

    public async Task StopInfluxAsync() => await influx!.DisposeAsync();

    /// <summary>InfluxDB's process stands still, with its connections open.</summary>
    public Task FreezeInfluxAsync() => SignalAsync("STOP");

    public Task ThawInfluxAsync() => SignalAsync("CONT");

    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings["services:influxdb:http:0"] = influx!.ConnectionString;
        settings["Influx:WriteTimeout"] = "00:00:02";
        settings["Influx:Username"] = "packrelay";
        settings["Influx:Password"] = "secret";
    }

    private async Task SignalAsync(string signal) => Assert.True(await ProcessSignals.SendAsync(influx!.ProcessId, signal));
}
