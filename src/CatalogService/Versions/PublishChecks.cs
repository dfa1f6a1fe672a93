using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.Manifests.Model;
using PackRelay.Manifests.Signing;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary>What the hub must know before it takes a manifest, in the order in which clients rely on the answers.</summary>
internal sealed class PublishChecks(NpgsqlDataSource db, FileStates files)
{
    // The generation is read before the files, so that whatever is collected after they were looked at is noticed.
    private const string FactsSql = """
        SELECT EXISTS (SELECT FROM pack_versions WHERE pack_id = $1 AND version = $2)
            OR EXISTS (SELECT FROM held_versions WHERE pack_id = $1 AND version = $2 AND status = 'scanning')
            OR EXISTS (SELECT FROM solder_builds WHERE pack_id = $1 AND version = $2),
               k.owner_id, k.public_key, k.revoked_at IS NOT NULL, c.generation
          FROM file_collection c LEFT JOIN publisher_keys k ON k.key_id = $3
        """;

    private const string GenerationSql = "SELECT generation FROM file_collection";

    /// <summary>The first reason to refuse the manifest, if there is one, and how its files stand.</summary>
    public async Task<FilesState> RunAsync(Manifest manifest, PackFacts pack, byte[] body, Caller caller, CancellationToken stop)
    {
        var keyId = manifest.Signature.PublicKeyId.ToString();
        var (facts, state) = await FactsAsync(manifest, keyId, pack, stop);
        return Refusal(facts, keyId, manifest, pack, body, caller) is { } refusal ? state with { Refusal = refusal } : state;
    }

    /// <summary>How a manifest's files stand.</summary>
    public async Task<FilesState> LookAtFilesAsync(Manifest manifest, CancellationToken stop)
    {
        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(new(GenerationSql));
        batch.BatchCommands.Add(files.Command(manifest));
        await using var row = await batch.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop); // always one
        var generation = row.GetInt64(0);
        await row.NextResultAsync(stop);
        return await files.ReadAsync(row, manifest, generation, stop);
    }

    private static ApiError? Refusal(Facts facts, string keyId, Manifest manifest, PackFacts pack, byte[] body, Caller caller)
    {
        if (facts.IsDuplicate) return VersionErrors.Duplicate(pack.Slug, manifest.Version);
        if (facts.PublicKey is null) return ApiError.Unprocessable(VersionErrors.UnknownKey, $"signature.publicKeyId: no key '{keyId}' is registered");
        if (facts.IsRevoked) return VersionErrors.Revoked(keyId);
        if (facts.KeyOwnerId != caller.AccountId)
            return new ApiError(StatusCodes.Status403Forbidden, VersionErrors.KeyNotYours, $"signature.publicKeyId: the key '{keyId}' belongs to another account");
        return ManifestVerifier.Verify(body, facts.PublicKey) == ManifestVerification.Valid
            ? null
            : ApiError.Unprocessable(VersionErrors.InvalidSignature, $"signature.value: the key '{keyId}' did not sign this manifest");
    }

    /// <summary>What the database knows of the version, its key and its files, in one round trip.</summary>
    private async Task<(Facts Facts, FilesState Files)> FactsAsync(Manifest manifest, string keyId, PackFacts pack, CancellationToken stop)
    {
        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(new(FactsSql) { Parameters = { new() { Value = pack.Id }, new() { Value = manifest.Version }, new() { Value = keyId } } });
        batch.BatchCommands.Add(files.Command(manifest));
        await using var row = await batch.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop); // always one
        var facts = new Facts(row.GetBoolean(0), row.GetNullableValue<Guid>(1), row.GetNullable<byte[]>(2), row.GetBoolean(3));
        var generation = row.GetInt64(4);
        await row.NextResultAsync(stop);
        return (facts, await files.ReadAsync(row, manifest, generation, stop));
    }

    private sealed record Facts(bool IsDuplicate, Guid? KeyOwnerId, byte[]? PublicKey, bool IsRevoked);
}
