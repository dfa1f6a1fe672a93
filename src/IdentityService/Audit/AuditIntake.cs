using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Audit;

/// <summary>Entries that come by event, many at a time when the hub is busy: they share commits.</summary>
internal sealed class AuditIntake(NpgsqlDataSource db)
{
    private readonly SharedCommit<AuditRecorded> commits = new(db.WriteAsync);

    /// <summary>Returns when the entry is in the log.</summary>
    public Task WriteAsync(AuditRecorded entry, CancellationToken stop) => commits.WriteAsync(entry, stop);
}
