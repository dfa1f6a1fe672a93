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

    private const string InsertManySql = """
        INSERT INTO audit_log (id, at, action, target, actor_id, actor_name, credential, credential_id, address, subject_id, details)
        SELECT e.id, e.at, e.action, e.target, e.actor_id, e.actor_name, e.credential, e.credential_id, e.address, e.subject_id, e.details::jsonb
          FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::text[], $10::uuid[], $11::text[])
               AS e (id, at, action, target, actor_id, actor_name, credential, credential_id, address, subject_id, details)
        ON CONFLICT (id) DO NOTHING
        """;

    public static Task WriteAsync(this NpgsqlConnection connection, AuditRecorded entry, CancellationToken stop) =>
        connection.ExecuteAsync(InsertSql, stop, Parameters(entry));

    public static Task WriteAsync(this NpgsqlDataSource db, AuditRecorded entry, CancellationToken stop) =>
        db.ExecuteAsync(InsertSql, stop, Parameters(entry));

    public static Task WriteAsync(this NpgsqlDataSource db, IReadOnlyList<AuditRecorded> entries, CancellationToken stop) => db.ExecuteAsync(
        InsertManySql, stop,
        entries.Select(entry => entry.EventId).ToArray(), entries.Select(entry => entry.OccurredAt.ToUniversalTime()).ToArray(),
        entries.Select(entry => entry.Action).ToArray(), entries.Select(entry => entry.Target).ToArray(),
        entries.Select(entry => entry.ActorId).ToArray(), entries.Select(entry => entry.ActorName).ToArray(),
        entries.Select(entry => entry.Credential).ToArray(), entries.Select(entry => entry.CredentialId).ToArray(),
        entries.Select(entry => entry.Address).ToArray(), entries.Select(entry => entry.SubjectId).ToArray(), entries.Select(Details).ToArray());

    private static object?[] Parameters(AuditRecorded entry) =>
    [
        entry.EventId, entry.OccurredAt, entry.Action, entry.Target, entry.ActorId, entry.ActorName, entry.Credential, entry.CredentialId, entry.Address,
        entry.SubjectId, Details(entry),
    ];

    private static string? Details(AuditRecorded entry) => entry.Details is null ? null : JsonSerializer.Serialize(entry.Details);
}
