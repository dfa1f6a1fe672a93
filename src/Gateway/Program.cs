using PackRelay.Gateway.Answers;
using PackRelay.Gateway.Callers;
using PackRelay.ServiceDefaults.Observability;

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
app.UseTrustedProxies();
app.UseServerSpanNames();
app.UseAnswersInMemory();
app.UseEdge();
app.UseServiceDefaults();
app.UseRouting();
app.UseAuthorization(); // left out, it would be put before all of these
app.UsePreflights();
app.MapDefaultEndpoints();
app.MapHealthChecks("/up"); // where a Technic Solder says that it is there
app.MapReference();
app.MapForwarding();
await app.RunAsync();
