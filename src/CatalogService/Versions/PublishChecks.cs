using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.Manifests.Model;
using PackRelay.Manifests.Signing;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary>What the hub must know before it takes a manifest, in the order in which clients rely on the answers.</summary>
internal sealed class PublishChecks(NpgsqlDataSource db)
{
    private const string FactsSql = """
        SELECT EXISTS (SELECT FROM pack_versions WHERE pack_id = $1 AND version = $2), k.owner_id, k.public_key, k.revoked_at IS NOT NULL
          FROM (SELECT) AS one_row LEFT JOIN publisher_keys k ON k.key_id = $3
        """;

    private const string MissingSql = """
        SELECT encode(wanted.sha256, 'hex') FROM unnest($1, $2) AS wanted (sha256, size_bytes)
         WHERE NOT EXISTS (SELECT FROM files f WHERE f.sha256 = wanted.sha256 AND f.size_bytes = wanted.size_bytes)
        """;

    /// <summary>The first reason to refuse the manifest; null when there is none.</summary>
    public async Task<ApiError?> RunAsync(Manifest manifest, PackFacts pack, byte[] body, Caller caller, CancellationToken stop)
    {
        var keyId = manifest.Signature.PublicKeyId.ToString();
        var (facts, missing) = await FactsAsync(manifest, keyId, pack, stop);
        if (facts.IsDuplicate) return VersionErrors.Duplicate(pack.Slug, manifest.Version);
        if (facts.PublicKey is null) return ApiError.Unprocessable(VersionErrors.UnknownKey, $"signature.publicKeyId: no key '{keyId}' is registered");
        if (facts.IsRevoked) return VersionErrors.Revoked(keyId);
        if (facts.KeyOwnerId != caller.AccountId)
            return new ApiError(StatusCodes.Status403Forbidden, VersionErrors.KeyNotYours, $"signature.publicKeyId: the key '{keyId}' belongs to another account");
        if (ManifestVerifier.Verify(body, facts.PublicKey) != ManifestVerification.Valid)
            return ApiError.Unprocessable(VersionErrors.InvalidSignature, $"signature.value: the key '{keyId}' did not sign this manifest");
        return missing.Count == 0
            ? null
            : new ApiError(StatusCodes.Status422UnprocessableEntity, VersionErrors.MissingFiles, $"files: not uploaded, or of another size than the manifest says: {missing.Count}")
            {
                Missing = missing,
            };
    }

    /// <summary>What the database knows of the version, its key and its files, in one round trip.</summary>
    private async Task<(Facts Facts, List<string> Missing)> FactsAsync(Manifest manifest, string keyId, PackFacts pack, CancellationToken stop)
    {
        var wanted = manifest.Files.Select(file => (file.Sha256, file.SizeBytes)).Distinct().ToArray();
        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(new(FactsSql) { Parameters = { new() { Value = pack.Id }, new() { Value = manifest.Version }, new() { Value = keyId } } });
        batch.BatchCommands.Add(new(MissingSql)
        {
            Parameters = { new() { Value = Array.ConvertAll(wanted, file => Convert.FromHexString(file.Sha256)) }, new() { Value = Array.ConvertAll(wanted, file => file.SizeBytes) } },
        });
        await using var row = await batch.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop); // always one
        var facts = new Facts(row.GetBoolean(0), row.GetNullableValue<Guid>(1), row.GetNullable<byte[]>(2), row.GetBoolean(3));
        var missing = new List<string>();
        await row.NextResultAsync(stop);
        while (await row.ReadAsync(stop)) missing.Add(row.GetString(0));
        return (facts, missing);
    }

    private sealed record Facts(bool IsDuplicate, Guid? KeyOwnerId, byte[]? PublicKey, bool IsRevoked);
}
