using PackRelay.IdentityService.Secrets;

namespace PackRelay.IdentityService.Clients;

/// <summary>Client credentials: an id and a secret for programs that cannot send an API token.</summary>
internal static class ClientsFeature
{
    public static IServiceCollection AddClients(this IServiceCollection services)
    {
        services.AddOptions<ClientOptions>().BindConfiguration("Identity:Clients").ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    public static void MapClients(this IEndpointRouteBuilder routes)
    {
        var clients = routes.MapGroup("/api/v1/me/clients").NeverStore();
        CreateClient.Map(clients);
        ListClients.Map(clients);
        DeleteClient.Map(clients);
    }
}
