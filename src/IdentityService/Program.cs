using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Callers;
using PackRelay.IdentityService.Secrets;
using PackRelay.IdentityService.Sessions;
using PackRelay.IdentityService.Tokens;
using PackRelay.ServiceDefaults.Outbox;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddNpgsqlDataSource("identitydb");
builder.AddRedisClient("cache");
builder.AddMessaging("messaging");
builder.Services.AddOutbox();
builder.Services.AddRateLimits();
builder.Services.AddSecrets();
builder.Services.AddAccounts();
builder.Services.AddSessions();
builder.Services.AddTokens();
builder.Services.AddCallerResolution();

await using var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapAccounts();
app.MapSessions();
app.MapTokens();
app.MapCallerResolution();
await app.MigrateAndRunAsync(typeof(Program).Assembly, args);
