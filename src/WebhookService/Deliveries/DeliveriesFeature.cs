using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Sends webhooks, and shows what was sent.</summary>
internal static class DeliveriesFeature
{
    public static IServiceCollection AddDeliveries(this IServiceCollection services)
    {
        services.AddOptions<DeliveryOptions>().BindConfiguration("Webhooks:Delivery").ValidateDataAnnotations()
            .Validate(options => Array.TrueForAll(options.RetryPauses, pause => pause > TimeSpan.Zero), "Webhooks:Delivery:RetryPauses must be longer than nothing.")
            .Validate(options => options.Lease > options.Timeout, "Webhooks:Delivery:Lease must be longer than Webhooks:Delivery:Timeout.")
            .ValidateOnStart();
        return services
            .AddSingleton<DeliveryEnqueuer>()
            .AddSingleton<DeliverySignal>()
            .AddSingleton<DeliveryQueue>()
            .AddSingleton<SentRequests>()
            .AddSingleton<DeliveryQueries>()
            .AddSingleton<DeliverySender>()
            .AddSingleton<RetrySchedule>()
            .AddSingleton<AttemptLog>()
            .AddSingleton<DeliveryMetrics>()
            .AddSingleton<DeliveryPass>()
            .AddHostedService<DeliveryWorker>()
            .AddHostedService<RetentionWorker>();
    }

    public static void MapDeliveries(this IEndpointRouteBuilder app)
    {
        var webhook = app.MapGroup("/api/v1/webhooks/{id:guid}").RequireRole(Role.ServerOwner).RequireScope(Scopes.Webhooks);
        ListDeliveries.Map(webhook);
        GetDelivery.Map(webhook);
        RedeliverOne.Map(webhook);
        RedeliverRange.Map(webhook);
    }
}
