using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>
/// <c>POST /api/packages/metadata</c> and <c>/api/packages/metadata-fromhash</c>: the package.toml, config and language files of up to 500 packages, in the order of the request. What is unknown, or on hold, is left out;
/// without a version all versions are answered, the highest first. Errors: <c>invalid_batch</c>, <c>invalid_package_id</c>, <c>invalid_package_id_hash</c>, <c>invalid_version</c>, <c>invalid_format</c>,
/// <c>invalid_messagepack</c>, <c>invalid_encoding</c> 400; <c>unavailable</c> 503 while too many large answers are being made.
/// </summary>
internal static class GetMetadata
{
    public static void Map(RouteGroupBuilder packages)
    {
        packages.MapPost("/metadata", ByIdAsync).OpenToAnyone().WithName(nameof(GetMetadata));
        packages.MapPost("/metadata-fromhash", ByHashAsync).OpenToAnyone().WithName("GetMetadataFromHash");
    }

    private static async Task<Results<Ok<List<PackageMetadata>>, ReloadedError>> ByIdAsync(BatchBody<PackageRequest> body, MetadataQueries packages, HttpResponse response, CancellationToken stop)
    {
        var read = await body.ReadAsync(item => item.Check(), stop);
        return read.TryGet(out var items, out var error) ? await packages.AnswerAsync(response, items, stop) : error;
    }

    private static async Task<Results<Ok<List<PackageMetadata>>, ReloadedError>> ByHashAsync(BatchBody<PackageHashRequest> body, MetadataQueries packages, HttpResponse response, CancellationToken stop)
    {
        var read = await body.ReadAsync(item => item.Check(), stop);
        return read.TryGet(out var items, out var error) ? await packages.AnswerAsync(response, items, stop) : error;
    }
}
