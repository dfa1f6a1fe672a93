using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Files.Blobs;
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
        return services.AddHostedService<BlobSweep>();
    }

    public static void MapFiles(this IEndpointRouteBuilder app)
    {
        var files = app.MapGroup("/api/v1/files");
        FileExists.Map(files).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksPublish);
        PutFile.Map(files).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksPublish);
        GetFile.Map(files);
    }
}
