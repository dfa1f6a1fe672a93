using PackRelay.CatalogService.Servers.Live;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.CatalogService.Servers;

/// <summary>Game servers, the packs they run and how they are doing.</summary>
internal static class ServersFeature
{
    public static IServiceCollection AddServers(this IServiceCollection services)
    {
        services.AddOptions<ServerOptions>().BindConfiguration("Catalog:Servers").ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<ServerPages>()
            .AddSingleton<ServerLookup>()
            .AddSingleton<NewServers>()
            .AddSingleton<ServerEdits>()
            .AddSingleton<Attachments>()
            .AddSingleton<LiveQueries>()
            .AddSingleton<LiveNotice>()
            .AddHostedService(provider => provider.GetRequiredService<LiveNotice>());
    }

    public static MessagingBuilder ConsumeLiveServers(this MessagingBuilder bus) =>
        bus.Subscribe(Subscriptions.CatalogLiveServers, typeof(ServersLiveConsumer), typeof(ServerWentOnlineConsumer), typeof(ServerWentOfflineConsumer));

    public static void MapServers(this IEndpointRouteBuilder app)
    {
        var servers = app.MapGroup("/api/v1/servers");
        ListServers.Map(servers);
        GetServer.Map(servers);
        GetServerManifest.Map(servers);
        CreateServer.Map(servers).RequireRole(Role.ServerOwner).RequireScope(Scopes.ServersWrite);
        EditServer.Map(servers).RequireRole(Role.ServerOwner).RequireScope(Scopes.ServersWrite);
        DeleteServer.Map(servers).RequireRole(Role.ServerOwner).RequireScope(Scopes.ServersWrite);
        AttachPack.Map(servers);
        ListMyServers.Map(app).RequireAccount();
        GetServerState.Map(app);
    }
}
