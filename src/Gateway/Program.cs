using PackRelay.Gateway.Answers;
using PackRelay.Gateway.Callers;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddEdge();
builder.AddRedisClient("cache", redis =>
{
    redis.DisableHealthChecks = true; // without Redis the gateway goes on, with limits of its own: it must stay in rotation
    redis.DisableAutoActivation = false;
});
builder.AddMessaging("messaging", bus => bus.Listen(typeof(TokenRevokedConsumer), typeof(AccountChangedConsumer), typeof(CatalogChangesConsumer)));
builder.Services.AddRateLimits();
builder.Services.AddCallerCache();
builder.Services.AddAnswerCache();
builder.Services.AddForwarding(builder.Configuration);

await using var app = builder.Build();
app.UseEdge();
app.UseServiceDefaults();
app.UseAnswersInMemory();
app.UseRouting();
app.UsePreflights();
app.MapDefaultEndpoints();
app.MapReference();
app.MapForwarding();
await app.RunAsync();
