namespace PackRelay.IdentityService.Railcraft;

/// <summary>Tokens of the Railcraft Pack dialect: who a client is. Everything else of the dialect is the catalog's.</summary>
internal static class RailcraftFeature
{
    public static IServiceCollection AddRailcraft(this IServiceCollection services)
    {
        services.AddOptions<RailcraftTokenOptions>().BindConfiguration("Identity:Railcraft").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<SecretAttempts>().AddSingleton<ClientChecks>();
    }

    public static void MapRailcraft(this IEndpointRouteBuilder routes)
    {
        Authenticate.Map(routes);
        TestToken.Map(routes);
        CheckClient.Map(routes);
    }
}
