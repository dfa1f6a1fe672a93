using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>
/// <c>POST /api/packages/check-updates</c> and <c>/api/packages/check-updates-fromhash</c>: whether there are newer versions of up to 500 packages, in the order of the request. What is unknown, or on hold, is left out.
/// Versions are ordered by the precedence of Semantic Versioning; pre-releases are updates of pre-releases alone, and a version that no site has any more is no update. Errors: <c>invalid_batch</c>,
/// <c>invalid_package_id</c>, <c>invalid_package_id_hash</c>, <c>invalid_version</c>, <c>invalid_format</c>, <c>invalid_messagepack</c>, <c>invalid_encoding</c> 400. Without a version there is nothing to compare: that is <c>invalid_version</c>; a version that the package does not have is left out, whatever it looks like.
/// </summary>
internal static class CheckUpdates
{
    /// <summary>Whether a package has a newer version.</summary>
    /// <param name="PackageId">The package.</param>
    /// <param name="PackageIdHash">XXH3-64 of its id, when it was asked for by that; else absent.</param>
    /// <param name="HasUpdate">Whether <paramref name="LatestVersion"/> comes after the version asked about.</param>
    /// <param name="LatestVersion">The highest version for who has the version asked about; that one itself when there is no other.</param>
    public sealed record Update(
        string PackageId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PackageIdHash, bool HasUpdate, string LatestVersion);

    public static void Map(RouteGroupBuilder packages)
    {
        packages.MapPost("/check-updates", ByIdAsync).OpenToAnyone().WithName(nameof(CheckUpdates));
        packages.MapPost("/check-updates-fromhash", ByHashAsync).OpenToAnyone().WithName("CheckUpdatesFromHash");
    }

    private static async Task<Results<Ok<List<Update>>, ReloadedError>> ByIdAsync(BatchBody<PackageRequest> body, UpdateQueries updates, CancellationToken stop)
    {
        var read = await body.ReadAsync(item => item.Check() ?? CheckVersion(item.Version), stop);
        return read.TryGet(out var items, out var error) ? TypedResults.Ok(await updates.CheckAsync(items, stop)) : error;
    }

    private static async Task<Results<Ok<List<Update>>, ReloadedError>> ByHashAsync(BatchBody<PackageHashRequest> body, UpdateQueries updates, CancellationToken stop)
    {
        var read = await body.ReadAsync(item => item.Check() ?? CheckVersion(item.Version), stop);
        return read.TryGet(out var items, out var error) ? TypedResults.Ok(await updates.CheckAsync(items, stop)) : error;
    }

    private static ApiError? CheckVersion(string? version) => version is null ? ApiError.Invalid("version", "missing, and nothing can be compared without it") : null;
}
