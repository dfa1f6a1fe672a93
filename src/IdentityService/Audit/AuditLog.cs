using System.Text.Json;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Audit;

/// <summary>Writes entries. What this service does itself it writes in the transaction of the deed; what others did comes by event.</summary>
internal static class AuditLog
{
    // The id is the event's: a redelivered one inserts nothing.
    private const string InsertSql = """
        INSERT INTO audit_log (id, at, action, target, actor_id, actor_name, credential, credential_id, address, subject_id, details)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb)
        ON CONFLICT (id) DO NOTHING
        """;

    public static Task WriteAsync(this NpgsqlConnection connection, AuditRecorded entry, CancellationToken stop) =>
        connection.ExecuteAsync(InsertSql, stop, Parameters(entry));

    public static Task WriteAsync(this NpgsqlDataSource db, AuditRecorded entry, CancellationToken stop) =>
        db.ExecuteAsync(InsertSql, stop, Parameters(entry));

    private static object?[] Parameters(AuditRecorded entry) =>
    [
        entry.EventId, entry.OccurredAt, entry.Action, entry.Target, entry.ActorId, entry.ActorName, entry.Credential, entry.CredentialId, entry.Address,
        entry.SubjectId, entry.Details is null ? null : JsonSerializer.Serialize(entry.Details),
    ];
}
