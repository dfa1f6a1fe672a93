using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary>A stored manifest.</summary>
/// <param name="Sha256">Hash of its bytes, 64 lower-case hex digits.</param>
/// <param name="SizeBytes">Their number.</param>
/// <param name="Bytes">What the publisher sent; null when the request can be answered without.</param>
internal sealed record StoredManifest(string Sha256, int SizeBytes, byte[]? Bytes)
{
    /// <summary>What a statement over <c>pack_versions v</c> selects for <see cref="Read"/>. Its first two parameters are those of <see cref="ManifestWish"/>.</summary>
    public const string Columns = "v.manifest_sha256, octet_length(v.manifest), CASE WHEN $1 OR v.manifest_sha256 = ANY ($2) THEN NULL ELSE v.manifest END";

    public static StoredManifest Read(NpgsqlDataReader row, int column) => new(row.GetString(column), row.GetInt32(column + 1), row.GetNullable<byte[]>(column + 2));
}
