using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.ServiceDefaults.Callers;

/// <summary>
/// Access rules that hang on a route or a group. They run before a body is read; the first that is broken answers. Each also stands in the endpoint's
/// metadata as an <see cref="AccessRule"/>, so that tests can walk all routes and the API's description can say who may call.
/// </summary>
public static class AccessRules
{
    /// <summary>Anybody at all, without credentials: says that a changing route is open on purpose.</summary>
    public static TBuilder OpenToAnyone<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.With(new AccessRule(AccessKind.Anyone));

    /// <summary>Any signed-in caller, with a session or a token; else 401 <c>unauthenticated</c>.</summary>
    public static TBuilder RequireAccount<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.Require(new AccessRule(AccessKind.Account), static _ => null);

    /// <summary>A person's session; a token is refused with 403 <c>forbidden</c>, so that a leaked token cannot mint others or change the account.</summary>
    public static TBuilder RequireSession<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.Require(new AccessRule(AccessKind.Session), static caller =>
            caller.Credential == CredentialKind.Session ? null : ApiError.Forbidden("this route needs a signed-in session; an API token is not accepted"));

    /// <summary>An account of at least this role; else 403 <c>role_required</c>.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder endpoints, Role role)
        where TBuilder : IEndpointConventionBuilder => endpoints.Require(new AccessRule(AccessKind.Role, Role: role), caller =>
            caller.Role >= role ? null : ApiError.RoleRequired(role));

    /// <summary>A credential with this scope; else 403 <c>scope_required</c>.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoints, string scope)
        where TBuilder : IEndpointConventionBuilder => endpoints.Require(new AccessRule(AccessKind.Scope, Scopes: [scope]), caller =>
            caller.Scopes.Contains(scope) ? null : ApiError.ScopeRequired(scope));

    /// <summary>A credential with at least one of these scopes; else 403 <c>scope_required</c>.</summary>
    public static TBuilder RequireAnyScope<TBuilder>(this TBuilder endpoints, params IReadOnlyList<string> scopes)
        where TBuilder : IEndpointConventionBuilder => endpoints.Require(new AccessRule(AccessKind.Scope, Scopes: scopes), caller =>
            scopes.Any(caller.Scopes.Contains) ? null : ApiError.ScopeRequired(string.Join(" or ", scopes)));

    /// <summary>A token with this scope, else 403 <c>scope_required</c>; or a person's session, whatever the account's role.</summary>
    public static TBuilder RequireScopeOrSession<TBuilder>(this TBuilder endpoints, string scope)
        where TBuilder : IEndpointConventionBuilder => endpoints.Require(new AccessRule(AccessKind.Scope, Scopes: [scope]), caller =>
            caller.Credential == CredentialKind.Session || caller.Scopes.Contains(scope) ? null : ApiError.ScopeRequired(scope));

    private static TBuilder Require<TBuilder>(this TBuilder endpoints, AccessRule rule, Func<Caller, ApiError?> refusal)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.With(rule).AddEndpointFilter(async (invocation, next) =>
        {
            var caller = invocation.HttpContext.GetCaller();
            return caller.IsAnonymous ? ApiError.Unauthenticated() : refusal(caller) ?? await next(invocation);
        });

    private static TBuilder With<TBuilder>(this TBuilder endpoints, AccessRule rule)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint => endpoint.Metadata.Add(rule));
        return endpoints;
    }
}

/// <summary>What an access rule asks for.</summary>
public enum AccessKind
{
    /// <summary>Nothing.</summary>
    Anyone,

    /// <summary>Any credentials.</summary>
    Account,

    /// <summary>A session.</summary>
    Session,

    /// <summary>A role.</summary>
    Role,

    /// <summary>A scope, or one of several.</summary>
    Scope,
}

/// <summary>One access rule of an endpoint, in its metadata.</summary>
/// <param name="Kind">What it asks for.</param>
/// <param name="Role">The least role, for <see cref="AccessKind.Role"/>.</param>
/// <param name="Scopes">The scopes of which one is needed, for <see cref="AccessKind.Scope"/>.</param>
public sealed record AccessRule(AccessKind Kind, Role? Role = null, IReadOnlyList<string>? Scopes = null);
