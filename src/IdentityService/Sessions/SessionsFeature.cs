using PackRelay.IdentityService.Secrets;

namespace PackRelay.IdentityService.Sessions;

/// <summary>Signing in and out.</summary>
internal static class SessionsFeature
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddOptions<SessionLifetimeOptions>().BindConfiguration("Identity:Sessions").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<SessionStore>().AddSingleton<SignInMetrics>();
    }

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var sessions = routes.MapGroup("/api/v1/sessions").NeverStore();
        SignIn.Map(sessions);
        SignOut.Map(sessions);
        SignOutEverywhere.Map(sessions);
        var mine = routes.MapGroup("/api/v1/me/sessions").NeverStore();
        ListSessions.Map(mine);
        EndSession.Map(mine);
    }
}
