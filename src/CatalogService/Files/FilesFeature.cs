using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.Files.Collection;
using PackRelay.CatalogService.Files.Multipart;
using PackRelay.CatalogService.Files.Scanning;
using PackRelay.CatalogService.Files.Storage;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Files;

/// <summary>Content-addressed files of packs.</summary>
internal static class FilesFeature
{
    public static IServiceCollection AddFiles(this IServiceCollection services)
    {
        services.AddOptions<UploadOptions>().BindConfiguration("Catalog:Files").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<BlobOptions>().BindConfiguration("Catalog:Blobs").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IBlobStore>(provider => provider.GetRequiredService<IOptions<BlobOptions>>().Value.S3 is null
            ? ActivatorUtilities.CreateInstance<BlobFolder>(provider)
            : ActivatorUtilities.CreateInstance<S3Blobs>(provider));
        services.AddSingleton<StorageAccounts>().AddSingleton<StoredFiles>().AddSingleton<ServedFiles>();
        services.AddSingleton<Uploads>().AddSingleton<PartIntake>().AddSingleton<Assembly>().AddSingleton<UploadSweep>();
        services.AddOptions<ScanOptions>().BindConfiguration("Catalog:Scan").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PathRules>().AddSingleton<FileScanner>().AddSingleton<FileScans>().AddHostedService<ScanWorker>();
        services.AddOptions<CollectionOptions>().BindConfiguration("Catalog:Collection").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<FileCollector>().AddHostedService<CollectionWorker>();
        return services.AddHostedService<BlobSweep>().AddHostedService<UploadSweepWorker>();
    }

    public static void MapFiles(this IEndpointRouteBuilder app)
    {
        var files = app.MapGroup("/api/v1/files").AddEndpointFilter<RouteGroupBuilder, StoreOutage>();
        FileExists.Map(files).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksPublish);
        PutFile.Map(files).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksPublish);
        GetFile.Map(files);
        var multipart = files.MapGroup("/multipart").RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksPublish);
        InitUpload.Map(multipart);
        SendPart.Map(multipart);
        ListParts.Map(multipart);
        CompleteUpload.Map(multipart);
        AbortUpload.Map(multipart);
    }
}
