using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.ServiceDefaults.Callers;

/// <summary>Access rules that hang on a route or a group. They run before a body is read; the first that is broken answers.</summary>
public static class AccessRules
{
    /// <summary>Any signed-in caller, with a session or a token; else 401 <c>unauthenticated</c>.</summary>
    public static TBuilder RequireAccount<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.Require(static _ => null);

    /// <summary>A person's session; a token is refused with 403 <c>forbidden</c>, so that a leaked token cannot mint others or change the account.</summary>
    public static TBuilder RequireSession<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.Require(static caller =>
            caller.Credential == CredentialKind.Session ? null : ApiError.Forbidden("this route needs a signed-in session; an API token is not accepted"));

    /// <summary>An account of at least this role; else 403 <c>role_required</c>.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder endpoints, Role role)
        where TBuilder : IEndpointConventionBuilder => endpoints.Require(caller =>
            caller.Role >= role ? null : ApiError.RoleRequired(role));

    /// <summary>A credential with this scope; else 403 <c>scope_required</c>.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoints, string scope)
        where TBuilder : IEndpointConventionBuilder => endpoints.Require(caller =>
            caller.Scopes.Contains(scope) ? null : ApiError.ScopeRequired(scope));

    /// <summary>A credential with at least one of these scopes; else 403 <c>scope_required</c>.</summary>
    public static TBuilder RequireAnyScope<TBuilder>(this TBuilder endpoints, params IReadOnlyList<string> scopes)
        where TBuilder : IEndpointConventionBuilder => endpoints.Require(caller =>
            scopes.Any(caller.Scopes.Contains) ? null : ApiError.ScopeRequired(string.Join(" or ", scopes)));

    private static TBuilder Require<TBuilder>(this TBuilder endpoints, Func<Caller, ApiError?> refusal)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter(async (invocation, next) =>
        {
            var caller = invocation.HttpContext.GetCaller();
            return caller.IsAnonymous ? ApiError.Unauthenticated() : refusal(caller) ?? await next(invocation);
        });
}
