using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;

namespace PackRelay.ServiceDefaults.Messaging;

/// <summary>Collects what a service consumes.</summary>
public sealed class MessagingBuilder
{
    private readonly List<Action<IBusRegistrationConfigurator>> registrations = [];

    private readonly List<Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator>> endpoints = [];

    /// <summary>
    /// Consumes a durable subscription, shared with the other replicas of this service. Events of one entity are consumed one after the other, in the
    /// order of their commits; those of different entities at the same time. A failing event is tried again after 200 ms, 1 s and 5 s, and holds up
    /// its entity meanwhile; then it waits in the queue <c>&lt;name&gt;_error</c> for a person, with a log entry and MassTransit's fault metric.
    /// </summary>
    /// <param name="subscription">The queue and its events.</param>
    /// <param name="consumers">Consumer types: together they consume every event of the subscription.</param>
    public MessagingBuilder Subscribe(Subscription subscription, params Type[] consumers)
    {
        registrations.Add(bus => Array.ForEach(consumers, consumer => bus.AddConsumer(consumer)));
        endpoints.Add((context, broker) => broker.ReceiveEndpoint(subscription.Queue, endpoint =>
        {
            endpoint.SetQuorumQueue();
            endpoint.PrefetchCount = 64;
            endpoint.ConfigureReceive(pipe => pipe.UseFilter(new EntityOrder(context.GetRequiredService<TimeProvider>())));
            endpoint.UseMessageRetry(retry => retry.Intervals(200, 1_000, 5_000));
            Array.ForEach(consumers, consumer => endpoint.ConfigureConsumer(context, consumer));
        }));
        return this;
    }

    /// <summary>
    /// Listens for this process alone, with a queue that goes away with it: for caches, which start empty and so miss nothing.
    /// </summary>
    /// <param name="consumers">Consumer types.</param>
    public MessagingBuilder Listen(params Type[] consumers)
    {
        registrations.Add(bus => Array.ForEach(consumers, consumer => bus.AddConsumer(consumer)));
        endpoints.Add((context, broker) => broker.ReceiveEndpoint(new TemporaryEndpointDefinition(), KebabCaseEndpointNameFormatter.Instance, endpoint =>
            Array.ForEach(consumers, consumer => endpoint.ConfigureConsumer(context, consumer))));
        return this;
    }

    internal void Register(IBusRegistrationConfigurator bus) => registrations.ForEach(register => register(bus));

    internal void Apply(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator broker) => endpoints.ForEach(apply => apply(context, broker));
}
