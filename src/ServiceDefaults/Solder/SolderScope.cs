using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.ServiceDefaults.Solder;

/// <summary>Who may call routes of the Solder dialect at all.</summary>
public static class SolderScope
{
    /// <summary>The group of reading routes: open to everybody, but an API token without the scope <c>solder</c> is refused with 403.</summary>
    public static RouteGroupBuilder MapSolderReads(this IEndpointRouteBuilder routes) => routes.MapGroup("/api").WithMetadata(new SolderOperation())
        .AddEndpointFilter<RouteGroupBuilder, RefuseTokensWithoutScope>();

    /// <summary>The group of changing routes: a token of the dialect, an API token with the scope <c>solder</c>, or a session; else 401 or 403.</summary>
    public static RouteGroupBuilder MapSolderWrites(this IEndpointRouteBuilder routes) => routes.MapGroup("/api").WithMetadata(new SolderOperation())
        .RequireScopeOrSession(Scopes.Solder);

    private sealed class RefuseTokensWithoutScope : IEndpointFilter
    {
        public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            var caller = context.HttpContext.GetCaller();
            return caller.Credential == CredentialKind.Token && !caller.Scopes.Contains(Scopes.Solder) ? ValueTask.FromResult<object?>(ApiError.ScopeRequired(Scopes.Solder)) : next(context);
        }
    }
}
