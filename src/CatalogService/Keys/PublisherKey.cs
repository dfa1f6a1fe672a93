using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Keys;

/// <summary>A publisher's signing key. It is never removed, and its bytes never change.</summary>
/// <param name="KeyId"><c>username/name</c>: what <c>signature.publicKeyId</c> of a manifest says.</param>
/// <param name="PublicKey">The raw 32 bytes as padded base64.</param>
/// <param name="Algorithm"><c>ed25519</c>.</param>
/// <param name="CreatedAt">When it was registered, UTC.</param>
/// <param name="RevokedAt">When it was revoked, UTC; null while it is good.</param>
public sealed record PublisherKey(string KeyId, string PublicKey, string Algorithm, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt)
{
    internal const string Columns = "k.key_id, k.public_key, k.created_at, k.revoked_at";

    internal static PublisherKey Read(NpgsqlDataReader row) => new(
        row.GetString(0), Convert.ToBase64String(row.GetFieldValue<byte[]>(1)), Manifests.Model.ManifestSignature.Algorithm,
        row.GetFieldValue<DateTimeOffset>(2), row.GetNullableValue<DateTimeOffset>(3));
}
