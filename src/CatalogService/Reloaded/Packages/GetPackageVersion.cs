using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary><c>GET /api/packages/{packageId}/{version}</c>: a version, where it can be downloaded, and whether it is on hold; one that is on hold is there for its owner only. Errors: <c>invalid_format</c> 400.</summary>
internal static class GetPackageVersion
{
    public static void Map(RouteGroupBuilder packages) => packages.MapRead("/{packageId}/{version}", HandleAsync).WithName(nameof(GetPackageVersion));

    private static async Task<Results<Ok<PackageVersionPage>, ReloadedError>> HandleAsync(
        string packageId, string version, Caller caller, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var isName = PackageId.IsValid(packageId) && PackageVersion.TryParse(version, out _);
        var found = isName ? await PackageVersionPages.FindAsync(db, packageId, version, clock.GetUtcNow(), stop) : null;
        return found is null || (found.Page.OnHold && found.OwnerId != caller.AccountId) ? (ReloadedError)ApiError.NotFound("version", $"{packageId}@{version}") : TypedResults.Ok(found.Page);
    }
}
