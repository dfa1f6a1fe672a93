using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Outbox;

namespace PackRelay.ServiceDefaults.Audit;

/// <summary>How a service writes into the audit log: one line in the transaction of what it records.</summary>
public static class AuditTrail
{
    /// <summary>
    /// Records what was done, through the outbox of the connection's database: <c>await connection.AuditAsync(actor.Did(AuditActions.PackDeleted, $"pack:{slug}", now), stop);</c>
    /// </summary>
    public static Task AuditAsync(this NpgsqlConnection connection, AuditRecorded entry, CancellationToken stop) =>
        connection.PublishAsync(Entity(entry), entry, stop);

    /// <summary>The same as one more command of a batch.</summary>
    public static NpgsqlBatchCommand Command(AuditRecorded entry) => OutboxWriter.Command(Entity(entry), entry);

    /// <summary>An entry for the audit log. Nothing in it may be a secret.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="action">What: one of <see cref="AuditActions"/>.</param>
    /// <param name="target">To what: <c>pack:my-pack</c>.</param>
    /// <param name="now">When, UTC.</param>
    /// <param name="subject">Account that it is done to, where that is another one.</param>
    /// <param name="details">Further short values by name.</param>
    public static AuditRecorded Did(
        this Actor actor, string action, string target, DateTimeOffset now, Guid? subject = null, params IEnumerable<(string Name, string? Value)> details)
    {
        var caller = actor.Caller;
        var values = details.Where(detail => detail.Value is not null).ToDictionary(detail => detail.Name, detail => detail.Value!, StringComparer.Ordinal);
        return new AuditRecorded(
            Guid.CreateVersion7(now), now, action, target,
            caller.IsAnonymous ? null : caller.AccountId, caller.IsAnonymous ? null : caller.Username, NameOf(caller.Credential),
            caller.IsAnonymous ? null : caller.CredentialId, actor.Address?.ToString(), subject, values.Count > 0 ? values : null);
    }

    // Entries are ordered by their time, not by their arrival: no entry needs to wait for another.
    private static string Entity(AuditRecorded entry) => $"audit:{entry.EventId}";

    private static string NameOf(CredentialKind kind) => kind switch
    {
        CredentialKind.Token => "token",
        CredentialKind.Session => "session",
        _ => "none",
    };
}
