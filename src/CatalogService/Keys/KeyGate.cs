using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Keys;

/// <summary>
/// Puts publishes and the revocation of their key in an order: a publish is before it, or refused, never beside it. A lock of the key's row would do the same, but a row that
/// many share is written by each of them.
/// </summary>
internal static class KeyGate
{
    private const string PassSql = "SELECT pg_advisory_xact_lock_shared(hashtextextended('key:' || $1, 0))";

    private const string CloseSql = "SELECT pg_advisory_xact_lock(hashtextextended('key:' || $1, 0))";

    // In one order, so that two of these never wait for each other in a ring.
    private const string CloseAllSql = """
        SELECT pg_advisory_xact_lock(hashtextextended('key:' || k.key_id, 0))
          FROM (SELECT key_id FROM publisher_keys WHERE owner_id = $1 AND revoked_at IS NULL ORDER BY key_id) k
        """;

    /// <summary>From this command of a batch on the key stays as it is until the transaction ends. Any number may do so at once.</summary>
    public static NpgsqlBatchCommand Pass(string keyId) => new(PassSql) { Parameters = { new() { Value = keyId } } };

    /// <summary>Waits until nobody publishes with the key, before it is revoked in the same transaction.</summary>
    public static Task CloseAsync(NpgsqlConnection connection, string keyId, CancellationToken stop) => connection.ExecuteAsync(CloseSql, stop, keyId);

    /// <summary>The same for all keys of an account.</summary>
    public static Task CloseAllAsync(NpgsqlConnection connection, Guid accountId, CancellationToken stop) => connection.ExecuteAsync(CloseAllSql, stop, accountId);
}
