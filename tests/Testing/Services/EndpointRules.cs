using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.ServiceDefaults.Callers;
using Xunit;

namespace PackRelay.Testing.Services;

/// <summary>Walks the routes of a service.</summary>
public static class EndpointRules
{
    private static readonly string[] Safe = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Options];

    /// <summary>Every changing route must ask for a scope or a session, or say that it is open to anyone: a forgotten rule fails here.</summary>
    /// <param name="services">The service's container.</param>
    /// <param name="byAnyToken">Names of the routes that any token may call on purpose.</param>
    public static void AssertChangesAreGuarded(IServiceProvider services, params IReadOnlyList<string> byAnyToken)
    {
        var changing = services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Except(Safe, StringComparer.OrdinalIgnoreCase).Any() == true)
            .ToList();
        Assert.NotEmpty(changing);
        Assert.Empty(changing.Where(endpoint => !IsGuarded(endpoint, byAnyToken)).Select(endpoint => $"{endpoint.DisplayName}"));
    }

    private static bool IsGuarded(RouteEndpoint endpoint, IReadOnlyList<string> byAnyToken)
    {
        var rules = endpoint.Metadata.GetOrderedMetadata<AccessRule>();
        var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;
        return rules.Any(rule => rule.Kind is AccessKind.Scope or AccessKind.Session)
            || (rules.Count == 1 && rules[0].Kind == AccessKind.Anyone)
            || (name is not null && byAnyToken.Contains(name, StringComparer.Ordinal) && rules.Any(rule => rule.Kind == AccessKind.Account));
    }
}
