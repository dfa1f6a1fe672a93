using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Administration;

/// <summary>Routes of the hub's administrators.</summary>
internal static class AdminRoutes
{
    /// <summary>
    /// The group of those routes: an administrator's session, never a token. No scope stands for running the hub, and a token that leaked out of
    /// some script must not be able to make administrators.
    /// </summary>
    public static RouteGroupBuilder MapAdmin(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/api/v1/admin").NeverStore().RequireRole(Role.Admin).RequireSession();
}
