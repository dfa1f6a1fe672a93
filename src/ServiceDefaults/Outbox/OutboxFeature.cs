using Microsoft.Extensions.DependencyInjection;

namespace PackRelay.ServiceDefaults.Outbox;

/// <summary>Registers the relay of a service that publishes events.</summary>
public static class OutboxFeature
{
    /// <summary>Sends what this service writes to its outbox. Needs the database and messaging.</summary>
    public static IServiceCollection AddOutbox(this IServiceCollection services) => services
        .AddSingleton<OutboxMetrics>()
        .AddSingleton<OutboxPass>()
        .AddHostedService<OutboxRelay>();
}
