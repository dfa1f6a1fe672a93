using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Reloaded.Downloads;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>
/// <c>PATCH /api/packages/{packageId}/{version}</c>: where a version can be downloaded: new sites, files that a site deleted, files that came back. A version on hold is released once the trusted site has it and
/// <c>updateSourceData</c> names every other site that it is on.
/// </summary>
internal static class EditPackageVersion
{
    private const int MaxFiles = 40; // of a version over all its life

    private const string LockSql = "SELECT true FROM reloaded_packages WHERE id = $1 FOR UPDATE";

    private const string BytesSql = "SELECT download_bytes FROM reloaded_versions WHERE id = $1";

    private const string UpdateSql = """
        UPDATE reloaded_versions SET update_source_data = $2::text::json, downloads = $3::text::json, deltas = $4::text::json, download_bytes = $5, is_deleted = $6,
                                     held_since = CASE WHEN $7 THEN NULL ELSE held_since END
         WHERE id = $1
        """;

    /// <summary>
    /// What changes; what is absent stays. Errors, by <c>code</c>: <c>invalid_download_info</c>, <c>invalid_delta_updates</c>, <c>invalid_update_source_data</c>, <c>invalid_format</c>, <c>invalid_messagepack</c>,
    /// <c>invalid_encoding</c> 400; <c>not_owner</c> 403; <c>file_changed</c> 409 for a file that is not the one that the version had on that site, <c>package_full</c> 409.
    /// </summary>
    /// <param name="DownloadInfo">Files that are new, or whose <c>wasDeleted</c> changes; files that are not named stay as they are.</param>
    /// <param name="DeltaUpdates">Deltas that are new, or whose files change in that way.</param>
    /// <param name="UpdateSourceData">Where the package is published, as its package.toml on the trusted site says; in the place of what was known.</param>
    public sealed record Request(IReadOnlyList<DownloadInfo>? DownloadInfo = null, IReadOnlyList<DeltaUpdate>? DeltaUpdates = null, UpdateSourceData? UpdateSourceData = null);

    public static RouteHandlerBuilder Map(RouteGroupBuilder packages) => packages.MapPatch("/{packageId}/{version}", HandleAsync).WithName(nameof(EditPackageVersion));

    private static async Task<Results<Ok<PackageVersionPage>, ReloadedError>> HandleAsync(
        string packageId, string version, WireBody<Request> body, Caller caller, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var isName = PackageId.IsValid(packageId) && PackageVersion.TryParse(version, out _);
        var found = isName ? await PackageVersionPages.FindAsync(db, packageId, version, now, stop) : null;
        if (found is null || (found.Page.OnHold && found.OwnerId != caller.AccountId)) return (ReloadedError)ApiError.NotFound("version", $"{packageId}@{version}");
        if (found.OwnerId != caller.AccountId) return (ReloadedError)ApiError.NotOwner("package", packageId);
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out var error)) return (ReloadedError)error;
        error = (request.DownloadInfo is null ? null : DownloadSites.Check("downloadInfo", request.DownloadInfo))
            ?? (request.DeltaUpdates is null ? null : DownloadSites.Check("deltaUpdates", request.DeltaUpdates))
            ?? (request.UpdateSourceData is null ? null : DownloadSites.Check(request.UpdateSourceData));
        if (error is not null) return (ReloadedError)error;

        var (page, refusal) = await db.InTransactionAsync(connection => EditAsync(connection, packageId, version, request, now, stop), stop);
        return refusal is null ? TypedResults.Ok(page!) : (ReloadedError)refusal;
    }

    private static async Task<(PackageVersionPage? Page, ApiError? Refusal)> EditAsync(
        NpgsqlConnection connection, string packageId, string version, Request request, DateTimeOffset now, CancellationToken stop)
    {
        await connection.ExecuteAsync(LockSql, stop, packageId);
        var (versionId, package, _, page) = (await PackageVersionPages.FindAsync(connection, packageId, version, now, stop))!; // versions are never removed
        var (files, error) = DownloadChanges.Apply(page.DownloadInfo, request.DownloadInfo ?? []);
        if (files is null) return (null, error);
        if (files.Count > MaxFiles) return (null, ApiError.Invalid("downloadInfo", $"at most {MaxFiles} files over all the version's life"));
        var (deltas, deltaError) = DownloadChanges.Apply(page.DeltaUpdates, request.DeltaUpdates ?? []);
        if (deltas is null) return (null, deltaError);
        if (DownloadSites.CheckTotal(deltas) is { } tooMany) return (null, tooMany);

        var source = request.UpdateSourceData ?? page.UpdateSourceData;
        var (sourceJson, filesJson, deltasJson) = (JsonSerializer.Serialize(source, ApiJson.Options), JsonSerializer.Serialize(files, ApiJson.Options), JsonSerializer.Serialize(deltas, ApiJson.Options));
        var (bytesBefore, bytes) = (await connection.ScalarAsync<long>(BytesSql, stop, versionId), BatchLimits.Cost(sourceJson, filesJson, deltasJson));
        if (bytes > bytesBefore && (await PackageSize.FindAsync(connection, package, stop)).Bytes + bytes - bytesBefore > PackageSize.MaxBytes) return (null, PackageSize.Full(packageId));
        await connection.ExecuteAsync(
            UpdateSql, stop, versionId, sourceJson, filesJson, deltasJson, bytes, files.TrueForAll(file => file.WasDeleted), source.Releases(page.TrustedSite, files));
        await PackageLatest.RefreshAsync(connection, package, now, stop);
        return ((await PackageVersionPages.FindAsync(connection, packageId, version, now, stop))!.Page, null);
    }
}
