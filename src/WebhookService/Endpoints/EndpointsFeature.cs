using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Plans;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>Webhooks as their owners manage them.</summary>
internal static class EndpointsFeature
{
    public static IServiceCollection AddEndpoints(this IServiceCollection services) =>
        services.AddPlans().AddSingleton<EndpointRules>().AddSingleton<EndpointQueries>();

    public static void MapEndpoints(this IEndpointRouteBuilder app)
    {
        var webhooks = app.MapGroup("/api/v1/webhooks").RequireRole(Role.ServerOwner).RequireScope(Scopes.Webhooks);
        CreateEndpoint.Map(webhooks);
        ListEndpoints.Map(webhooks);
        GetEndpoint.Map(webhooks);
        UpdateEndpoint.Map(webhooks);
        DeleteEndpoint.Map(webhooks);
        RotateSecret.Map(webhooks);
        PingEndpoint.Map(webhooks);
    }
}
