using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using PackRelay.ServiceDefaults.Discovery;

namespace PackRelay.IdentityService.Callers;

/// <summary>Turns credentials into callers for the gateway, and keeps track of their use.</summary>
internal static class CallerResolutionFeature
{
    public static IServiceCollection AddCallerResolution(this IServiceCollection services) => services
        .AddSingleton<CredentialUses>()
        .AddSingleton<CredentialUsePass>()
        .AddHostedService<CredentialUseWorker>()
        .AddHostedService<DeadCredentialsWorker>();

    public static void MapCallerResolution(this IEndpointRouteBuilder routes)
    {
        ResolveCaller.Map(routes);
        routes.MapHealthChecks(GatewaySign.IdentityHealth, new HealthCheckOptions { Predicate = check => check.Name == PostgresFeature.HealthCheckName }); // what it needs, and nothing else
    }
}
