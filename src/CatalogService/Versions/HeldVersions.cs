using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Files.Scanning;
using PackRelay.Manifests.Model;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary>Versions that are not visible: those whose files are still being scanned, and those that the scan refused. Only the pack's team sees them.</summary>
internal sealed class HeldVersions(
    NpgsqlDataSource db, FileScans scans, PublishChecks checks, NewVersions versions, ManifestIntake intake, IOptions<ScanOptions> options, IOptions<HubOptions> hub, TimeProvider clock)
{
    // A version that was refused may be sent again, also with other bytes: nobody has ever seen it.
    private const string HoldSql = """
        INSERT INTO held_versions (pack_id, version, status, reason, publisher_id, manifest, manifest_sha256, key_id, published_at, file_count, total_size_bytes, submitted_at,
               publisher_name, credential, credential_id, address)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT (pack_id, version) DO UPDATE SET status = EXCLUDED.status, reason = EXCLUDED.reason, publisher_id = EXCLUDED.publisher_id, publisher_name = EXCLUDED.publisher_name,
               credential = EXCLUDED.credential, credential_id = EXCLUDED.credential_id, address = EXCLUDED.address, manifest = EXCLUDED.manifest,
               manifest_sha256 = EXCLUDED.manifest_sha256, key_id = EXCLUDED.key_id, published_at = EXCLUDED.published_at, file_count = EXCLUDED.file_count,
               total_size_bytes = EXCLUDED.total_size_bytes, submitted_at = EXCLUDED.submitted_at, claimed_until = NULL
         WHERE held_versions.status = 'rejected'
        """;

    private const string FindSql = """
        SELECT version, published_at, file_count, total_size_bytes, status, reason, key_id, manifest_sha256 FROM held_versions WHERE pack_id = $1 AND version = $2
        """;

    private const string ClaimSql = """
        UPDATE held_versions h SET claimed_until = $1 FROM packs p
         WHERE p.id = h.pack_id AND (h.pack_id, h.version) = (
               SELECT pack_id, version FROM held_versions WHERE status = 'scanning' AND (claimed_until IS NULL OR claimed_until < $2)
                ORDER BY submitted_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING h.pack_id, h.version, h.manifest, p.slug, p.owner_id, p.game, p.visibility, h.publisher_id, h.publisher_name, h.credential, h.credential_id, h.address
        """;

    private const string RejectSql = "UPDATE held_versions SET status = 'rejected', reason = $3 WHERE pack_id = $1 AND version = $2 AND status = 'scanning'";

    /// <summary>Keeps a version back; false when the same one is being scanned already.</summary>
    /// <param name="pack">Its pack.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="body">The manifest's bytes.</param>
    /// <param name="actor">Who publishes it.</param>
    /// <param name="reason">Why it was refused; null while it is being scanned.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<bool> HoldAsync(PackFacts pack, Manifest manifest, byte[] body, Actor actor, string? reason, CancellationToken stop) =>
        await db.ExecuteAsync(
            HoldSql, stop,
            pack.Id, manifest.Version, reason is null ? "scanning" : "rejected", reason, actor.Caller.AccountId, body, Convert.ToHexStringLower(SHA256.HashData(body)),
            manifest.Signature.PublicKeyId.ToString(), manifest.PublishedAt, manifest.Files.Count, manifest.TotalSizeBytes, clock.GetUtcNow(),
            actor.Caller.Username, actor.Caller.Credential.ToString(), actor.Caller.CredentialId, actor.Address?.ToString()) == 1;

    /// <summary>A version that is held; null when there is none, the caller is not of the pack's team, or its token is for other packs.</summary>
    public async Task<GetVersion.Response?> FindAsync(PackFacts pack, string version, Caller caller, CancellationToken stop) =>
        (pack.Role > PackRole.None || caller.Role == Role.Admin) && caller.MayTouchPack(pack.Slug)
            ? await db.FirstAsync(FindSql, row => Read(row, pack.Slug), stop, pack.Id, version)
            : null;

    /// <summary>Scans what is missing of one version that waits, and publishes or rejects it; false when none waits.</summary>
    public async Task<bool> FinishNextAsync(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var held = await db.FirstAsync(ClaimSql, ReadClaimed, stop, now + (2 * options.Value.MaxTime), now);
        if (held is null) return false;
        var read = intake.Read(held.Manifest, held.Pack);
        if (!read.TryGet(out var manifest, out var error))
        {
            await RejectAsync(held, error, stop); // the hub's rules changed meanwhile
            return true;
        }

        await scans.ScanAsync([.. manifest.Files.Select(file => file.Sha256).Distinct(StringComparer.Ordinal).Select(Convert.FromHexString)], stop);
        var state = await checks.LookAtFilesAsync(manifest, stop);
        error = state.Refusal ?? (state.IsUndecided ? null : await versions.AddAsync(held.Pack, manifest, held.Manifest, held.Actor, state.Generation, stop));
        if (error is not null) await RejectAsync(held, error, stop);
        return true;
    }

    private static Claimed ReadClaimed(NpgsqlDataReader row)
    {
        var caller = new Caller
        {
            AccountId = row.GetGuid(7), Username = row.GetString(8), Credential = Enum.Parse<CredentialKind>(row.GetString(9)), CredentialId = row.GetGuid(10),
        };
        var actor = new Actor(caller, row.GetNullable<string>(11) is { } address ? IPAddress.Parse(address) : null);
        var pack = new PackFacts(row.GetGuid(0), row.GetString(3), row.GetGuid(4), row.GetString(5), row.GetString(6), PackRole.None);
        return new Claimed(row.GetString(1), actor, row.GetFieldValue<byte[]>(2), pack);
    }

    private Task<int> RejectAsync(Claimed held, ApiError error, CancellationToken stop) =>
        db.ExecuteAsync(RejectSql, stop, held.Pack.Id, held.Version, error.Details is [var first, ..] ? $"{error.Error}: {first.Path}: {first.Message}" : error.Error);

    private GetVersion.Response Read(NpgsqlDataReader row, string slug)
    {
        var version = row.GetString(0);
        return new GetVersion.Response(
            version, row.GetString(1), row.GetInt32(2), row.GetInt64(3), Changelog: null, Withdrawn: null, row.GetString(4), row.GetNullable<string>(5),
            row.GetString(6), hub.Value.Link($"/api/v1/packs/{slug}/manifest/{version}"), row.GetString(7), Bundle: null);
    }

    private sealed record Claimed(string Version, Actor Actor, byte[] Manifest, PackFacts Pack);
}
