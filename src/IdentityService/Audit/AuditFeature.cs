using PackRelay.Contracts;
using PackRelay.IdentityService.Administration;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.IdentityService.Audit;

/// <summary>The audit log of all services.</summary>
internal static class AuditFeature
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddOptions<AuditOptions>().BindConfiguration("Identity:Audit").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<AuditIntake>().AddHostedService<AuditRetentionWorker>();
    }

    public static MessagingBuilder ConsumeAudit(this MessagingBuilder bus) => bus.Subscribe(Subscriptions.IdentityAudit, typeof(AuditRecordedConsumer));

    public static void MapAudit(this IEndpointRouteBuilder routes) => ListAudit.Map(routes.MapAdmin());
}
