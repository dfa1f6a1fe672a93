using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using PackRelay.ServiceDefaults.Discovery;

namespace PackRelay.ServiceDefaults.Observability;

/// <summary>
/// Names each server span after its route and gives it the tags of OpenTelemetry's HTTP conventions: the framework only opens the span.
/// </summary>
public static class ServerSpanNames
{
    /// <summary>Marks the spans of health probes.</summary>
    public const string ProbeTag = "packrelay.probe";

    internal const string SecretPath = "/api/verify";

    /// <summary>Early in the pipeline; where it is called again it does nothing.</summary>
    public static IApplicationBuilder UseServerSpanNames(this IApplicationBuilder app) => app.Properties.TryAdd(nameof(ServerSpanNames), value: true)
        ? app.Use((context, next) => context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span ? NamedAsync(span, context, next) : next(context))
        : app;

    private static async Task NamedAsync(Activity span, HttpContext context, RequestDelegate next)
    {
        span.DisplayName = context.Request.Method; // of a request without a route; a path would make a name of its own for every visitor
        span.SetTag("http.request.method", context.Request.Method).SetTag("url.path", Shown(context.Request.Path));
        if (context.Request.Path.Value is "/health" or "/alive" or "/up" or GatewaySign.IdentityHealth) span.SetTag(ProbeTag, true);
        try
        {
            await next(context);
        }
        finally
        {
            Name(span, context);
        }
    }

    /// <summary>The path, without the key that stands in one of the Solder dialect's.</summary>
    internal static string? Shown(PathString path) => path.StartsWithSegments(SecretPath, StringComparison.OrdinalIgnoreCase, out var secret) && secret.HasValue ? SecretPath + "/***" : path.Value;

    private static void Name(Activity span, HttpContext context)
    {
        // A handled exception has taken the endpoint off the request.
        if ((context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint) is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            span.DisplayName = $"{context.Request.Method} {route}";
            span.SetTag("http.route", route);
        }

        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= 500) span.SetStatus(ActivityStatusCode.Error);
    }
}
