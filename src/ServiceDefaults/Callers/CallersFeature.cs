using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace PackRelay.ServiceDefaults.Callers;

/// <summary>Registers caller identity and gives endpoints their access rules.</summary>
public static class CallersFeature
{
    internal static IServiceCollection AddCallers(this IServiceCollection services)
    {
        services.AddOptions<CallerOptions>().BindConfiguration("Callers").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<CallerToken>();
    }

    /// <summary>Reads the caller of every request from the gateway's signed header; without a valid one the caller is anonymous.</summary>
    internal static IApplicationBuilder UseCallers(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices; // asking the request for services would make a scope
        CallerToken? tokens = null; // with the first request: an application that is only asked for its description has no key
        return app.Use((context, next) =>
        {
            if (context.Request.Headers[CallerToken.HeaderName] is { Count: > 0 } header
                && (tokens ??= services.GetRequiredService<CallerToken>()).TryRead(header, out var caller))
            {
                context.Features.Set(caller);
            }

            return next(context);
        });
    }

    /// <summary>The request's caller; anonymous when nothing proved otherwise.</summary>
    public static Caller GetCaller(this HttpContext context) => context.Features.Get<Caller>() ?? Caller.Anonymous;
}
