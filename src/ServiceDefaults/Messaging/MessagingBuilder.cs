using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PackRelay.Contracts;

namespace PackRelay.ServiceDefaults.Messaging;

/// <summary>Collects what a service consumes.</summary>
public sealed class MessagingBuilder
{
    private readonly List<Action<IBusRegistrationConfigurator>> registrations = [];

    private readonly List<Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator>> endpoints = [];

    /// <summary>
    /// Consumes a durable subscription, shared with the other replicas of this service. Within a process, events of one entity are consumed one after the other, in
    /// the order of their commits; those of different entities at the same time. Replicas may overtake each other unless the subscription is in order, which one of
    /// them consumes at a time. A failing event is tried again after 200 ms, 1 s and 5 s, and holds up its entity meanwhile; then it waits in the queue
    /// <c>&lt;name&gt;_error</c> for a person, with a log entry and MassTransit's fault metric.
    /// </summary>
    /// <param name="subscription">The queue and its events.</param>
    /// <param name="consumers">Types that implement <see cref="IEventConsumer{TEvent}"/>: together they consume every event of the subscription.</param>
    public MessagingBuilder Subscribe(Subscription subscription, params Type[] consumers)
    {
        Register(consumers);
        endpoints.Add((context, broker) => broker.ReceiveEndpoint(subscription.Queue, endpoint =>
        {
            endpoint.SetQuorumQueue();
            if (subscription.InOrder) endpoint.SingleActiveConsumer = true;
            endpoint.PrefetchCount = 64;
            endpoint.ConfigureReceive(pipe => pipe.UseFilter(new EntityOrder(context.GetRequiredService<TimeProvider>())));
            Configure(endpoint, context, consumers);
        }));
        return this;
    }

    /// <summary>
    /// Listens for this process alone, with a queue that goes away with it: for caches, which start empty and so miss nothing.
    /// </summary>
    /// <param name="consumers">Types that implement <see cref="IEventConsumer{TEvent}"/>.</param>
    public MessagingBuilder Listen(params Type[] consumers)
    {
        Register(consumers);
        endpoints.Add((context, broker) => broker.ReceiveEndpoint(
            new TemporaryEndpointDefinition(), KebabCaseEndpointNameFormatter.Instance, endpoint => Configure(endpoint, context, consumers)));
        return this;
    }

    internal void Register(IBusRegistrationConfigurator bus) => registrations.ForEach(register => register(bus));

    internal void Apply(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator broker) => endpoints.ForEach(apply => apply(context, broker));

    private void Register(Type[] consumers) => registrations.Add(bus =>
    {
        foreach (var consumer in consumers)
        {
            bus.TryAddScoped(consumer);
            foreach (var ofBatches in OfBatches(consumer)) bus.AddConsumer(ofBatches);
        }
    });

    private static void Configure(IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context, Type[] consumers)
    {
        foreach (var ofBatches in consumers.SelectMany(OfBatches)) endpoint.ConfigureConsumer(context, ofBatches);
    }

    /// <summary>What the transport knows in place of a consumer: one type per event.</summary>
    private static IEnumerable<Type> OfBatches(Type consumer) =>
        from contract in consumer.GetInterfaces()
        where contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IEventConsumer<>)
        select typeof(EventBatchConsumer<,>).MakeGenericType(consumer, contract.GetGenericArguments()[0]);
}
