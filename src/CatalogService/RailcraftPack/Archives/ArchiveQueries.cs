using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.RailcraftPack.Tags;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.RailcraftPack.Archives;

/// <summary>What a client wants to have in one zip.</summary>
/// <param name="Pack">The pack at the wanted version.</param>
/// <param name="From">The version that the client has; null for a whole one.</param>
/// <param name="OptionalMods">Names of what it chose, all of them in the version, sorted.</param>
internal sealed record WantedArchive(CurrentPack Pack, TaggedVersion? From, IReadOnlyList<string> OptionalMods)
{
    /// <summary>Equal for requests that one zip serves.</summary>
    public byte[] Request => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { form = 1, to = Pack.VersionId, from = From?.VersionId, with = OptionalMods }));

    /// <summary>The name under which it is saved.</summary>
    public string FileName => $"{Pack.Slug}-{Pack.Tag}{(From is null ? "" : $"-from-{From.Tag}")}{(OptionalMods.Count > 0 ? "-opt" : "")}.zip";
}

/// <summary>An archive as the table has it.</summary>
/// <param name="Id">By which clients fetch it.</param>
/// <param name="Sha256">The blob; null while it is not made.</param>
/// <param name="SizeBytes">Its size in bytes; 0 while it is not made.</param>
/// <param name="Attempts">How often making it failed.</param>
internal sealed record KnownArchive(long Id, string? Sha256, long SizeBytes, int Attempts);

/// <summary>An archive that a client may fetch.</summary>
internal sealed record FetchedArchive(KnownArchive Archive, Guid PackId, Guid OwnerId, string FileName);

/// <summary>The table of archives: which are wanted, by whom, and which are there.</summary>
internal sealed class ArchiveQueries(NpgsqlDataSource db, IOptions<RailcraftOptions> options, TimeProvider clock)
{
    /// <summary>In which a client may ask for so many different archives.</summary>
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly TimeSpan UseIsNotedEvery = TimeSpan.FromMinutes(1); // a download in parts is one use

    private const string CountSql = """
        SELECT count(*) FROM railcraft_archive_clients c
         WHERE c.client_id = $1 AND c.asked_at > $2 AND NOT EXISTS (
               SELECT FROM railcraft_archives a JOIN railcraft_archive_clients mine ON mine.archive_id = a.id AND mine.client_id = $1 WHERE a.request = $3)
        """; // none when the client has asked for this one before

    // One row for all that ask for the same; asking again makes it due again should it have failed.
    private const string WantSql = """
        WITH wanted AS (
            INSERT INTO railcraft_archives AS a (request, pack_id, version_id, from_version_id, optional_mods, file_name, due_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
            ON CONFLICT (request) DO UPDATE SET last_used_at = GREATEST(a.last_used_at, EXCLUDED.last_used_at), due_at = CASE WHEN a.built_at IS NULL THEN LEAST(a.due_at, EXCLUDED.due_at) ELSE a.due_at END
            RETURNING id, sha256, size_bytes, attempts),
        asked AS (
            INSERT INTO railcraft_archive_clients (archive_id, client_id, asked_at) SELECT id, $8, $7 FROM wanted ON CONFLICT DO NOTHING)
        SELECT id, sha256, size_bytes, attempts FROM wanted
        """;

    private const string FindSql = "SELECT id, sha256, size_bytes, attempts FROM railcraft_archives WHERE id = $1";

    private const string FetchSql = $"""
        SELECT a.id, a.sha256, a.size_bytes, a.attempts, p.id, a.file_name, p.slug, {PackGate.Columns}
          FROM railcraft_archives a JOIN packs p ON p.id = a.pack_id JOIN pack_versions v ON v.id = a.version_id
         WHERE a.id = $1 AND v.withdrawn_at IS NULL AND ($3 OR EXISTS (SELECT FROM railcraft_archive_clients c WHERE c.archive_id = a.id AND c.client_id = $2))
        """;

    private const string UseSql = "UPDATE railcraft_archives SET last_used_at = $2 WHERE id = $1 AND last_used_at < $3";

    private const string WakeSql = "UPDATE railcraft_archives SET due_at = LEAST(due_at, $2) WHERE id = $1 AND built_at IS NULL";

    /// <summary>Enters that a client wants an archive; null when it has asked for too many different ones within the hour.</summary>
    public async Task<KnownArchive?> WantAsync(WantedArchive wanted, Guid clientId, CancellationToken stop)
    {
        var (now, request) = (clock.GetUtcNow(), wanted.Request);
        if (await db.ScalarAsync<long>(CountSql, stop, clientId, now - Hour, request) >= options.Value.ArchivesPerHour) return null;
        return await db.FirstAsync(
            WantSql, Read, stop, request, wanted.Pack.Id, wanted.Pack.VersionId, wanted.From?.VersionId, wanted.OptionalMods.ToArray(), wanted.FileName, now, clientId);
    }

    /// <summary>An archive by its id; null when there is none.</summary>
    public Task<KnownArchive?> FindAsync(long id, CancellationToken stop) => db.FirstAsync(FindSql, Read, stop, id);

    /// <summary>An archive that this client may fetch; null when there is none of the id, it is not for the client, or its version was taken back.</summary>
    public async Task<FetchedArchive?> FetchAsync(long id, Caller client, CancellationToken stop)
    {
        var isForAll = options.Value.ArchiveAccess == ArchiveAccess.Pack;
        var found = await db.FirstAsync(
            FetchSql, row => (Archive: Read(row), PackId: row.GetGuid(4), FileName: row.GetString(5), Slug: row.GetString(6), Gate: PackGate.Read(row, 7)), stop, id, client.CredentialId, isForAll);
        return found.Archive is not null && found.Gate.Admits(client, found.Slug) ? new FetchedArchive(found.Archive, found.PackId, found.Gate.OwnerId, found.FileName) : null;
    }

    /// <summary>Notes that an archive is in use.</summary>
    public Task UseAsync(long id, CancellationToken stop) => db.ExecuteAsync(UseSql, stop, id, clock.GetUtcNow(), clock.GetUtcNow() - UseIsNotedEvery);

    /// <summary>Has an archive made again at once.</summary>
    public Task WakeAsync(long id, CancellationToken stop) => db.ExecuteAsync(WakeSql, stop, id, clock.GetUtcNow());

    private static KnownArchive Read(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetNullable<string>(1), row.IsDBNull(2) ? 0 : row.GetInt64(2), row.GetInt32(3));
}
