using PackRelay.CatalogService.Files;
using PackRelay.CatalogService.Reloaded.Compatibility;
using PackRelay.CatalogService.Reloaded.Downloads;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.CatalogService.Reloaded.Games;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.CatalogService.Reloaded.StaticFiles;
using PackRelay.CatalogService.Reloaded.SteamGridDb;
using PackRelay.CatalogService.Reloaded.Translations;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Reloaded;

namespace PackRelay.CatalogService.Reloaded;

/// <summary>The dialect of the Reloaded-III Central Server: packages of mods, their translations, downloads and compatibility, and pictures of games.</summary>
internal static class ReloadedFeature
{
    private const int MaxPicturesBytes = 4 * 1024 * 1024;

    private static readonly string[] FormatNames = ["json", "msgpack"];

    public static IServiceCollection AddReloaded(this IServiceCollection services)
    {
        services.AddOptions<ReloadedOptions>().BindConfiguration("Reloaded").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SteamGridDbOptions>().BindConfiguration("Reloaded:SteamGridDb").ValidateDataAnnotations().ValidateOnStart()
            .Validate(options => options.BaseUrl is { IsAbsoluteUri: true, Scheme: "http" or "https" } && options.BaseUrl.AbsolutePath.EndsWith('/'), "Reloaded:SteamGridDb:BaseUrl must be an absolute http or https address that ends in a slash.");
        services.AddHttpClient<SteamGridDbClient>(client => client.MaxResponseContentBufferSize = MaxPicturesBytes)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        return services
            .AddSingleton<Zstd>().AddSingleton<AnswerBuffers>()
            .AddSingleton<AnswerMemory>().AddSingleton<BatchReads>().AddSingleton<MetadataQueries>().AddSingleton<UpdateQueries>().AddSingleton<DownloadQueries>().AddSingleton<NewPackageVersions>()
            .AddSingleton<Reporters>().AddSingleton<ReportQueries>().AddHostedService<ReporterWorker>()
            .AddSingleton<ImageCache>().AddSingleton<ImageSearch>()
            .AddSingleton<StaticContent>().AddSingleton<StaticPass>().AddHostedService<StaticWorker>();
    }

    public static void MapReloaded(this IEndpointRouteBuilder app)
    {
        var compatibility = Group(app, "/api/compatibility");
        SubmitReport.Map(compatibility);
        SubmitReports.Map(compatibility);
        GetCompatibility.Map(compatibility);
        SearchImages.Map(Group(app, "/api/steamgriddb/search"));

        var packages = Group(app, "/api/packages");
        GetMetadata.Map(packages);
        CheckUpdates.Map(packages);
        GetDownloadInfo.Map(packages);
        FindTranslations.Map(packages);
        GetPackageVersion.Map(packages);
        PublishPackage.Map(packages).RequireRole(Role.ServerOwner).RequireScope(Scopes.PackagesPublish);
        EditPackageVersion.Map(packages).RequireRole(Role.ServerOwner).RequireScope(Scopes.PackagesPublish);

        var games = Group(app, "/api/games");
        ListGames.Map(games);
        PutGame.Map(games).RequireRole(Role.Admin).RequireScope(Scopes.PackagesPublish);
        GetStaticFile.Map(app.MapGroup("/static/reloaded").AddEndpointFilter<RouteGroupBuilder, StoreOutage>());
    }

    /// <summary>Routes whose bodies and answers are JSON or MessagePack, and whose errors are the dialect's.</summary>
    private static RouteGroupBuilder Group(IEndpointRouteBuilder app, string prefix) => app.MapGroup(prefix)
        .AddEndpointFilter<RouteGroupBuilder, NegotiatedAnswers>()
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(ReloadedError.Envelope), [AnswerFormats.JsonType]))
        .TakesQuery("format", "The answer's format, in the place of Accept.", new { type = "string", @enum = FormatNames }, code: "invalid_format")
        .SpeaksDialect(ReloadedError.Schema, AnswerFormats.MessagePackType);
}
