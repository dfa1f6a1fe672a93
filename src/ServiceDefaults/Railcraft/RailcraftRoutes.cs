using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.ServiceDefaults.Railcraft;

/// <summary>
/// Maps endpoints of the Railcraft Pack dialect: each at <c>/api/name/</c> and <c>/api/v1/name/</c>, and at the same under each further name. Handlers answer with a record derived from <see cref="RailcraftAnswer"/> or
/// with a <see cref="RailcraftError"/>. The API document shows the first path alone.
/// </summary>
public static class RailcraftRoutes
{
    private static readonly string[] Prefixes = ["/api/", "/api/v1/"];

    private static readonly string[] NotPost = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete];

    /// <summary>An endpoint that reads: GET, and POST as well.</summary>
    /// <param name="app">The service.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="describe">Completes the endpoint of the first path.</param>
    /// <param name="names">Its names; the first is the one that is documented.</param>
    public static void MapRailcraftGet(this IEndpointRouteBuilder app, Delegate handler, Action<RouteHandlerBuilder> describe, params IReadOnlyList<string> names)
    {
        foreach (var path in Paths(names))
        {
            var read = app.MapRead(path, handler).Guard(static error => error);
            if (path == Prefixes[0] + names[0]) describe(read);
            else read.ExcludeFromDescription();
            app.MapPost(path, handler).Guard(static error => error).ExcludeFromDescription();
        }
    }

    /// <summary>An endpoint that takes POST alone; any other method is error 2, whatever else is wrong.</summary>
    /// <param name="app">The service.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="describe">Completes the endpoint of the first path.</param>
    /// <param name="names">Its names; the first is the one that is documented.</param>
    public static void MapRailcraftPost(this IEndpointRouteBuilder app, Delegate handler, Action<RouteHandlerBuilder> describe, params IReadOnlyList<string> names) =>
        app.MapRailcraftPost(handler, static error => error, describe, names);

    /// <summary>The same for an endpoint that does not answer its failures in the envelope.</summary>
    /// <param name="app">The service.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="refuse">Makes the answer of an error.</param>
    /// <param name="describe">Completes the endpoint of the first path.</param>
    /// <param name="names">Its names; the first is the one that is documented.</param>
    public static void MapRailcraftPost(this IEndpointRouteBuilder app, Delegate handler, Func<RailcraftError, IResult> refuse, Action<RouteHandlerBuilder> describe, params IReadOnlyList<string> names)
    {
        foreach (var path in Paths(names))
        {
            var post = app.MapPost(path, handler).Guard(refuse);
            if (path == Prefixes[0] + names[0]) describe(post);
            else post.ExcludeFromDescription();
            app.MapMethods(path, NotPost, RailcraftError.PostRequired).Guard(refuse).ExcludeFromDescription();
        }
    }

    private static IEnumerable<string> Paths(IReadOnlyList<string> names) => names.SelectMany(_ => Prefixes, (name, prefix) => prefix + name);

    private static RouteHandlerBuilder Guard(this RouteHandlerBuilder route, Func<RailcraftError, IResult> refuse) =>
        route.OpenToAnyone().AddEndpointFilter(new RailcraftFailures(refuse));
}
