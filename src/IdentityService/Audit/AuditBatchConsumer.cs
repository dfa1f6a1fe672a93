using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.IdentityService.Audit;

/// <summary>Takes what other services recorded into the log.</summary>
internal sealed class AuditBatchConsumer(AuditIntake intake) : IConsumer<AuditBatch>
{
    public Task Consume(ConsumeContext<AuditBatch> context) => Task.WhenAll(context.Message.Records.Select(record => intake.WriteAsync(record, context.CancellationToken)));
}
