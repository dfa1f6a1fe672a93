using MassTransit;
using Npgsql;
using PackRelay.Contracts;

namespace PackRelay.IdentityService.Audit;

/// <summary>Takes what other services recorded into the log.</summary>
internal sealed class AuditRecordedConsumer(NpgsqlDataSource db) : IConsumer<AuditRecorded>
{
    public Task Consume(ConsumeContext<AuditRecorded> context) => db.WriteAsync(context.Message, context.CancellationToken);
}
