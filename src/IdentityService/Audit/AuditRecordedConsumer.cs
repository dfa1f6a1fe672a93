using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.IdentityService.Audit;

/// <summary>Takes what other services recorded into the log.</summary>
internal sealed class AuditRecordedConsumer(AuditIntake intake) : IConsumer<AuditRecorded>
{
    public Task Consume(ConsumeContext<AuditRecorded> context) => intake.WriteAsync(context.Message, context.CancellationToken);
}
