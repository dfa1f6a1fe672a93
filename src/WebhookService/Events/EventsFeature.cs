namespace PackRelay.WebhookService.Events;

/// <summary>Turns what happens in the hub into deliveries, and says what they look like.</summary>
internal static class EventsFeature
{
    public static IServiceCollection AddEvents(this IServiceCollection services) => services.AddSingleton<PackNotices>().AddSingleton<EventTypes>();

    public static void MapEvents(this IEndpointRouteBuilder app) => ListEvents.Map(app);
}
