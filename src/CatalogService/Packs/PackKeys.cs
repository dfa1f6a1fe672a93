using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Packs;

/// <summary>A key that has signed versions of a pack.</summary>
/// <param name="KeyId"><c>username/name</c>.</param>
/// <param name="FirstUsedAt">When the hub took the first version that it signed, UTC.</param>
/// <param name="LastUsedAt">When the hub took the last one, UTC.</param>
/// <param name="Versions">How many versions it signed, withdrawn ones too.</param>
/// <param name="RevokedAt">When it was revoked, UTC; null while it is good. What it signed before stays published.</param>
public sealed record PackKey(string KeyId, DateTimeOffset FirstUsedAt, DateTimeOffset LastUsedAt, int Versions, DateTimeOffset? RevokedAt);

/// <summary>Keeps the history of a pack's keys.</summary>
internal static class PackKeys
{
    private const string UseSql = """
        INSERT INTO pack_keys AS k (pack_id, key_id, versions, first_used_at, last_used_at)
        SELECT v.pack_id, v.key_id, 1, v.accepted_at, v.accepted_at FROM pack_versions v WHERE v.id = $1
        ON CONFLICT (pack_id, key_id) DO UPDATE SET versions = k.versions + 1, last_used_at = EXCLUDED.last_used_at
        """;

    /// <summary>A pack's keys by its slug (<c>$1</c>), the last used ones first.</summary>
    public const string OfPackSql = """
        SELECT k.key_id, k.first_used_at, k.last_used_at, k.versions, pk.revoked_at
          FROM packs p JOIN pack_keys k ON k.pack_id = p.id LEFT JOIN publisher_keys pk ON pk.key_id = k.key_id
         WHERE p.slug = $1 ORDER BY k.last_used_at DESC, k.key_id LIMIT 100
        """;

    /// <summary>Counts a version that a key signed, if it was stored: one more command of the batch that publishes it.</summary>
    public static NpgsqlBatchCommand Used(Guid versionId) => new(UseSql) { Parameters = { new() { Value = versionId } } };

    public static PackKey Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2), row.GetInt32(3), row.GetNullableValue<DateTimeOffset>(4));
}
