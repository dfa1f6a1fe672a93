using PackRelay.CatalogService.Downloads.Bundles;
using PackRelay.CatalogService.Downloads.Counting;
using PackRelay.CatalogService.Downloads.Egress;
using PackRelay.CatalogService.Files;

namespace PackRelay.CatalogService.Downloads;

/// <summary>Downloads of whole packs: their zips, how often they are fetched, and what that costs.</summary>
internal static class DownloadsFeature
{
    public static IServiceCollection AddDownloads(this IServiceCollection services)
    {
        services.AddOptions<DownloadOptions>().BindConfiguration("Downloads").ValidateDataAnnotations().ValidateOnStart()
            .Validate(options => options.CdnBaseUrl is null or { IsAbsoluteUri: true, Scheme: "http" or "https" }, "Downloads:CdnBaseUrl must be an absolute http or https address.");
        return services
            .AddSingleton<BundleQueries>()
            .AddSingleton<BundleBuilder>()
            .AddSingleton<BundlePass>()
            .AddSingleton<PublishPace>()
            .AddSingleton<BundleWait>()
            .AddSingleton<BundleLinks>()
            .AddSingleton<DownloadCounter>()
            .AddSingleton<DownloadSums>()
            .AddSingleton<EgressMeter>()
            .AddHostedService<BundleWorker>()
            .AddHostedService<DownloadSumsWorker>()
            .AddHostedService<EgressWorker>();
    }

    public static void MapDownloads(this IEndpointRouteBuilder app)
    {
        DownloadPack.Map(app.MapGroup("/api/v1/packs"));
        GetBundle.Map(app.MapGroup("/cdn").AddEndpointFilter<RouteGroupBuilder, StoreOutage>());
    }
}
