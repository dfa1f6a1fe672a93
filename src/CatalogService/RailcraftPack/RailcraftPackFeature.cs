using PackRelay.CatalogService.RailcraftPack.Ads;
using PackRelay.CatalogService.RailcraftPack.Archives;
using PackRelay.CatalogService.RailcraftPack.Messages;
using PackRelay.CatalogService.RailcraftPack.Tags;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Discovery;

namespace PackRelay.CatalogService.RailcraftPack;

/// <summary>The Railcraft Pack dialect: versions as tags, archives and patches, optional mods, messages and ads. Its tokens are Identity's.</summary>
internal static class RailcraftPackFeature
{
    public static IServiceCollection AddRailcraftPack(this IServiceCollection services)
    {
        services.AddOptions<RailcraftOptions>().BindConfiguration("RailcraftPack").ValidateDataAnnotations().ValidateOnStart();
        services.AddServiceClient(IdentityClients.ServiceName, TimeSpan.FromSeconds(5));
        return services
            .AddSingleton<IdentityClients>()
            .AddSingleton<RailcraftPacks>()
            .AddSingleton<PackTags>()
            .AddSingleton<ArchiveQueries>()
            .AddSingleton<ArchiveBuilder>()
            .AddSingleton<ArchivePass>()
            .AddSingleton<ArchiveWait>()
            .AddSingleton<AdQueries>()
            .AddSingleton<MessageQueries>()
            .AddHostedService<ArchiveWorker>()
            .AddHostedService<ArchiveSweep>();
    }

    public static void MapRailcraftPack(this IEndpointRouteBuilder app)
    {
        GetCurrent.Map(app);
        GetOptionalMods.Map(app);
        GetError.Map(app);
        GetDownloadUrl.Map(app);
        GetArchive.Map(app);
        GetMessage.Map(app);
        GetAds.Map(app);
        PostAd.Map(app);
        BumpAd.Map(app);
        DeleteAd.Map(app);

        var messages = app.MapGroup("/api/v1/admin/messages").RequireRole(Role.Admin).RequireSession();
        CreateMessage.Map(messages);
        ListMessages.Map(messages);
        DeleteMessage.Map(messages);
    }
}
