using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using PackRelay.CatalogService.Accounts;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>Makes a version of a package true: its row, the package's when it is the first, and what is latest.</summary>
internal sealed class NewPackageVersions(NpgsqlDataSource db, TimeProvider clock)
{
    private const string OwnerSql = "SELECT owner_id FROM reloaded_packages WHERE id = $1";

    private const string AddPackageSql = """
        INSERT INTO reloaded_packages (id, id_hash, owner_id, trusted_site, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
        """;

    // Publishes and edits of one package come one after the other, so that what is latest is never computed from half of them.
    private const string LockSql = "SELECT position, owner_id, trusted_site FROM reloaded_packages WHERE id = $1 FOR UPDATE";

    private const string AddVersionSql = """
        INSERT INTO reloaded_versions (package, version, content_sha256, package_toml, config_toml, language_paths, language_data, metadata_bytes, name, summary, translation_of, language_code, friendly_name,
                                       update_source_data, downloads, deltas, download_bytes, held_since, is_deleted, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::text::json, $15::text::json, $16::text::json, $17, $18::timestamptz, $19, $20)
        """;

    private const string SameSql = "SELECT content_sha256 = $3 FROM reloaded_versions WHERE package = $1 AND version = $2";

    /// <summary>What becomes of a request that was good.</summary>
    /// <param name="IsNew">False: the very same was published before.</param>
    /// <param name="Page">The version as it is now.</param>
    public sealed record Outcome(bool IsNew, PackageVersionPage Page);

    /// <summary>403 when the package is another account's; null when it is the caller's, or nobody's yet.</summary>
    public async Task<ApiError?> RefusalAsync(string packageId, Caller caller, CancellationToken stop) =>
        await db.ScalarAsync<Guid>(OwnerSql, stop, packageId) is var owner && (owner == Guid.Empty || owner == caller.AccountId) ? null : ApiError.NotOwner("package", packageId);

    /// <summary>The version, or why it is not there.</summary>
    public Task<(Outcome? Outcome, ApiError? Refusal)> AddAsync(string packageId, string version, PublishPackage.Request request, PackageToml toml, Actor actor, CancellationToken stop) =>
        db.InTransactionAsync(connection => AddAsync(connection, packageId, version, request, toml, actor, stop), stop);

    private async Task<(Outcome? Outcome, ApiError? Refusal)> AddAsync(
        NpgsqlConnection connection, string packageId, string version, PublishPackage.Request request, PackageToml toml, Actor actor, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var caller = actor.Caller;
        await AccountQueries.LockAsync(connection, caller, stop);
        await connection.ExecuteAsync(AddPackageSql, stop, packageId, PackageHash.Column(PackageHash.Of(packageId)), caller.AccountId, request.DownloadInfo[0].Type, now);
        var package = await connection.FirstAsync(LockSql, row => new Package(row.GetInt64(0), row.GetGuid(1), row.GetString(2)), stop, packageId);
        if (package is null) return (null, ApiError.Conflict(ReloadedErrors.PackageHashTaken, $"packageId: '{packageId}' has the hash of another package's id; choose another"));
        if (package.OwnerId != caller.AccountId) return (null, ApiError.NotOwner("package", packageId)); // somebody else was faster by a moment

        var content = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Options));
        var isSame = await connection.FirstAsync(SameSql, row => (bool?)row.GetBoolean(0), stop, package.Position, version, content);
        if (isSame is false) return (null, ApiError.Conflict(ReloadedErrors.PackageVersionExists, $"version: '{packageId}' has {version} with another content, and versions never change"));
        var isNew = isSame is null;
        if (isNew)
        {
            if (!await InsertAsync(connection, package, version, request, toml, content, now, stop)) return (null, PackageSize.Full(packageId));
            await PackageLatest.RefreshAsync(connection, package.Position, now, stop);
            await connection.AuditAsync(actor.Did(AuditActions.PackagePublished, $"package:{packageId}@{version}", now), stop);
        }

        return (new Outcome(isNew, (await PackageVersionPages.FindAsync(connection, packageId, version, now, stop))!.Page), null);
    }

    /// <summary>False: there is no room for it.</summary>
    private static async Task<bool> InsertAsync(
        NpgsqlConnection connection, Package package, string version, PublishPackage.Request request, PackageToml toml, byte[] content, DateTimeOffset now, CancellationToken stop)
    {
        var languages = request.LanguageFiles ?? [];
        var (source, files, deltas) = (Json(request.UpdateSourceData), Json(request.DownloadInfo), Json(request.DeltaUpdates ?? []));
        var metadataBytes = BatchLimits.Cost([request.PackageToml, request.ConfigToml, .. languages.SelectMany(file => new[] { file.Path, file.Data })]);
        var downloadBytes = BatchLimits.Cost(source, files, deltas);
        var (versions, storedBytes) = await PackageSize.FindAsync(connection, package.Position, stop);
        if (storedBytes + metadataBytes + downloadBytes > PackageSize.MaxBytes) return false;

        // The first version says which site is trusted: there is none yet that could vouch for the others.
        DateTimeOffset? heldSince = versions == 0 || request.UpdateSourceData.Releases(package.TrustedSite, request.DownloadInfo) ? null : now;
        await connection.ExecuteAsync(
            AddVersionSql, stop, package.Position, version, content, request.PackageToml, request.ConfigToml, languages.Select(file => file.Path).ToArray(), languages.Select(file => file.Data).ToArray(),
            metadataBytes, toml.Name, toml.Summary, request.TranslationOf, request.LanguageCode, request.FriendlyName, source, files, deltas,
            downloadBytes, heldSince, request.DownloadInfo.All(file => file.WasDeleted), now);
        return true;
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ApiJson.Options);

    private sealed record Package(long Position, Guid OwnerId, string TrustedSite);
}
