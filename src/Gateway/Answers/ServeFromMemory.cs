using Microsoft.AspNetCore.Http.Features;
using PackRelay.Gateway.Edge;
using PackRelay.Gateway.Forwarding;
using PackRelay.ServiceDefaults.RateLimiting;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.Gateway.Answers;

/// <summary>
/// The short way, before everything else: an anonymous read of something kept is counted and answered. Targets are kept by requests that have gone the long
/// way, so that one that is found here is a good one. Everything else goes the long way, where the same answers are found again once it is clear who asks.
/// </summary>
internal sealed class ServeFromMemory(RequestDelegate next, AnswerStore store, RouteLimit limits, AnswerMetrics metrics, EdgeMetrics edge, SolderHeaders solder)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (store.Find(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is not { } answer) return next(context);
        if (!solder.IsOpen && SolderRoutes.Contains(context.Request.Path)) return next(context); // what it carries depends on the page that asks
        var headers = context.Request.Headers;
        if (headers.Authorization.Count > 0 || headers.Cookie.Count > 0 || !ReadThroughMemory.IsWholeRead(context, headers)) return next(context);

        context.SetEndpoint(answer.Endpoint); // names the span and the request's metrics
        var counted = limits.AcquireAsync(answer.Limit, context);
        return counted.IsCompletedSuccessfully ? ServeAsync(context, answer, counted.Result) : CountAndServeAsync(context, answer, counted);
    }

    private async Task CountAndServeAsync(HttpContext context, KeptAnswer answer, ValueTask<RateLimitDecision> counted) => await ServeAsync(context, answer, await counted);

    private Task ServeAsync(HttpContext context, KeptAnswer answer, RateLimitDecision decision)
    {
        AnswerHeaders.WriteAnonymous(context, decision, solder);
        if (decision.IsAllowed)
        {
            metrics.Hits();
            return answer.WriteAsync(context, store);
        }

        var refusal = decision.ToError();
        edge.Refused(refusal.Code);
        return refusal.ExecuteAsync(context);
    }
}
