using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.IdentityService.Audit;

/// <summary>Takes what other services recorded into the log.</summary>
internal sealed class AuditRecordedConsumer(AuditIntake intake) : IEventConsumer<AuditRecorded>
{
    public Task ConsumeAsync(AuditRecorded recorded, CancellationToken cancellationToken) => intake.WriteAsync(recorded, cancellationToken);
}
