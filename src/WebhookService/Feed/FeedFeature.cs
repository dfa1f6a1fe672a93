using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.WebhookService.Feed;

/// <summary>Tells an account what the hub did to its webhooks by itself.</summary>
internal static class FeedFeature
{
    public static IServiceCollection AddFeed(this IServiceCollection services) => services.AddSingleton<FeedQueries>();

    public static void MapFeed(this IEndpointRouteBuilder app) =>
        ListFeed.Map(app.MapGroup("/api/v1/webhooks/feed").RequireRole(Role.ServerOwner).RequireScope(Scopes.Webhooks));
}
