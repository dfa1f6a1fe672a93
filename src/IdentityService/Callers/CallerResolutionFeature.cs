namespace PackRelay.IdentityService.Callers;

/// <summary>Turns credentials into callers for the gateway, and keeps track of their use.</summary>
internal static class CallerResolutionFeature
{
    public static IServiceCollection AddCallerResolution(this IServiceCollection services) => services
        .AddSingleton<CredentialUses>()
        .AddSingleton<CredentialUsePass>()
        .AddHostedService<CredentialUseWorker>()
        .AddHostedService<DeadCredentialsWorker>();

    public static void MapCallerResolution(this IEndpointRouteBuilder routes) => ResolveCaller.Map(routes);
}
