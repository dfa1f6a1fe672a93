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

/// <summary>Reads the history of a pack's keys, which publishing keeps.</summary>
internal static class PackKeys
{
    /// <summary>A pack's keys by its slug (<c>$1</c>), the last used ones first.</summary>
    public const string OfPackSql = """
        SELECT k.key_id, k.first_used_at, k.last_used_at, k.versions, pk.revoked_at
          FROM packs p JOIN pack_keys k ON k.pack_id = p.id LEFT JOIN publisher_keys pk ON pk.key_id = k.key_id
         WHERE p.slug = $1 ORDER BY k.last_used_at DESC, k.key_id LIMIT 100
        """;

    public static PackKey Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2), row.GetInt32(3), row.GetNullableValue<DateTimeOffset>(4));
}
