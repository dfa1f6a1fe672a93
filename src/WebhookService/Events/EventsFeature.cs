namespace PackRelay.WebhookService.Events;

/// <summary>Turns what happens in the hub into deliveries.</summary>
internal static class EventsFeature
{
    public static IServiceCollection AddEvents(this IServiceCollection services) => services.AddSingleton<PackNotices>();
}
