using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.TelemetryService.Drift;
using PackRelay.TelemetryService.Heartbeats;
using PackRelay.TelemetryService.Influx;
using PackRelay.TelemetryService.Live;
using PackRelay.TelemetryService.Metrics;
using PackRelay.TelemetryService.Players;
using PackRelay.TelemetryService.Servers;
using PackRelay.TelemetryService.Spool;
using PackRelay.TelemetryService.Uptime;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.AddNpgsqlDataSource("telemetrydb");
builder.AddRedisClient("cache");
builder.AddMessaging("messaging", bus => bus
    .Subscribe(Subscriptions.TelemetryServers, typeof(ServerProjectionConsumer))
    .Listen(typeof(ServerMapConsumer)));
builder.Services.AddOutbox();
builder.Services.AddServers();
builder.Services.AddInflux();
builder.Services.AddSpool();
builder.Services.AddUptime();
builder.Services.AddLive();
builder.Services.AddPlayers();
builder.Services.AddDrift();
builder.Services.AddHeartbeats();
builder.Services.AddServerMetrics();

await using var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapHeartbeats();
app.MapServerMetrics();
app.MapUptime();
app.MapPlayers();
await app.MigrateAndRunAsync(typeof(Program).Assembly, args);
