using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Reloaded.Downloads;

/// <summary>
/// <c>POST /api/packages/download-info</c> and <c>/api/packages/download-info-fromhash</c>: from where up to 500 packages can be downloaded, and by which deltas their versions can be updated, in the order of the
/// request. What is unknown, or on hold, is left out; without a version all versions are answered, the highest first. Files that a site has no more stay in the list and say so. Errors: <c>invalid_batch</c>,
/// <c>invalid_package_id</c>, <c>invalid_package_id_hash</c>, <c>invalid_version</c>, <c>invalid_format</c>, <c>invalid_messagepack</c>, <c>invalid_encoding</c> 400; <c>unavailable</c> 503 while too many large answers are being made.
/// </summary>
internal static class GetDownloadInfo
{
    public static void Map(RouteGroupBuilder packages)
    {
        packages.MapPost("/download-info", ByIdAsync).OpenToAnyone().WithName(nameof(GetDownloadInfo));
        packages.MapPost("/download-info-fromhash", ByHashAsync).OpenToAnyone().WithName("GetDownloadInfoFromHash");
    }

    private static async Task<Results<Ok<List<PackageDownloads>>, ReloadedError>> ByIdAsync(BatchBody<PackageRequest> body, DownloadQueries downloads, HttpResponse response, CancellationToken stop)
    {
        var read = await body.ReadAsync(item => item.Check(), stop);
        return read.TryGet(out var items, out var error) ? await downloads.AnswerAsync(response, items, stop) : error;
    }

    private static async Task<Results<Ok<List<PackageDownloads>>, ReloadedError>> ByHashAsync(BatchBody<PackageHashRequest> body, DownloadQueries downloads, HttpResponse response, CancellationToken stop)
    {
        var read = await body.ReadAsync(item => item.Check(), stop);
        return read.TryGet(out var items, out var error) ? await downloads.AnswerAsync(response, items, stop) : error;
    }
}

/// <summary>From where a version can be downloaded.</summary>
/// <param name="PackageId">The package.</param>
/// <param name="PackageIdHash">XXH3-64 of its id, when it was asked for by that; else absent.</param>
/// <param name="Version">The version.</param>
/// <param name="UpdateSourceData">Where the package is published.</param>
/// <param name="DownloadInfo">Its files, also those that a site has no more.</param>
/// <param name="DeltaUpdates">What turns earlier versions into this one; may be empty.</param>
public sealed record PackageDownloads(
    string PackageId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PackageIdHash, string Version,
    UpdateSourceData UpdateSourceData, IReadOnlyList<DownloadInfo> DownloadInfo, IReadOnlyList<DeltaUpdate> DeltaUpdates);
