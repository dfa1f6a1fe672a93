using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.WebhookService.Deliveries;
using PackRelay.WebhookService.Endpoints;
using PackRelay.WebhookService.Events;
using PackRelay.WebhookService.Feed;
using PackRelay.WebhookService.Secrets;
using PackRelay.WebhookService.Targets;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.AddNpgsqlDataSource("webhookdb");
builder.AddMessaging("messaging", bus => bus
    .Subscribe(Subscriptions.WebhookEvents, typeof(PackEventsConsumer), typeof(ServerEventsConsumer))
    .Subscribe(Subscriptions.WebhookAccounts, typeof(AccountChangedConsumer)));
builder.Services.AddOutbox();
builder.Services.AddTargets();
builder.Services.AddSecrets();
builder.Services.AddEvents();
builder.Services.AddEndpoints();
builder.Services.AddDeliveries();
builder.Services.AddFeed();

await using var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapEndpoints();
app.MapDeliveries();
app.MapEvents();
app.MapFeed();
await app.MigrateAndRunAsync(typeof(Program).Assembly, args);
