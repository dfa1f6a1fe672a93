using PackRelay.CatalogService.Accounts;
using PackRelay.CatalogService.Files;
using PackRelay.CatalogService.Games;
using PackRelay.CatalogService.Keys;
using PackRelay.CatalogService.Packs;
using PackRelay.CatalogService.Servers;
using PackRelay.CatalogService.Teams;
using PackRelay.CatalogService.Versions;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Plans;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddNpgsqlDataSource("catalogdb");
builder.AddMessaging("messaging", bus => bus.ConsumeAccounts().ConsumeLiveServers());
builder.Services.AddOutbox();
builder.Services.AddGames().AddPlans().AddAccounts().AddPacks().AddTeams().AddVersions().AddFiles().AddServers();

await using var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapPacks();
app.MapTeams();
app.MapVersions();
app.MapKeys();
app.MapFiles();
app.MapServers();
await app.MigrateAndRunAsync(typeof(Program).Assembly, args);
