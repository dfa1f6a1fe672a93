using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.ServiceDefaults.Messaging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Connects a service to the message broker.</summary>
public static class MessagingFeature
{
    /// <summary>
    /// Registers MassTransit over RabbitMQ. The host counts as started only when the bus is connected and every queue is bound;
    /// the bus's own health check is part of <c>/health</c>.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">Name of the connection string, an AMQP address.</param>
    /// <param name="configure">Names the subscriptions and their consumers; nothing for a service that only publishes.</param>
    public static void AddMessaging(this IHostApplicationBuilder builder, string connectionName, Action<MessagingBuilder>? configure = null)
    {
        var address = builder.Configuration.GetConnectionString(connectionName) ?? builder.Configuration[$"Aspire:RabbitMQ:Client:{connectionName}:ConnectionString"];
        if (string.IsNullOrWhiteSpace(address))
            throw new InvalidOperationException($"The message broker is not configured: set ConnectionStrings:{connectionName} or Aspire:RabbitMQ:Client:{connectionName}:ConnectionString.");

        var settings = new MessagingSettings(new Uri(address));
        var messaging = new MessagingBuilder();
        configure?.Invoke(messaging);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<DurableTopology>();
        builder.Services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true); // before that a publish would be dropped
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry(); // nothing of ours talks to an address off this machine
            messaging.Register(bus);
            bus.UsingRabbitMq((context, broker) =>
            {
                broker.Host(settings.Uri);
                messaging.Apply(context, broker);
            });
        });
    }
}
