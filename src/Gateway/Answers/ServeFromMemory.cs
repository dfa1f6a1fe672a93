using Microsoft.AspNetCore.Http.Features;
using PackRelay.Gateway.Edge;
using PackRelay.Gateway.Forwarding;

namespace PackRelay.Gateway.Answers;

/// <summary>
/// The short way: an anonymous read of something kept is counted and answered before any routing. Everything else goes the long way, where the
/// same answers are found again once it is clear who asks.
/// </summary>
internal sealed class ServeFromMemory(RequestDelegate next, AnswerStore store, RouteLimit limits, AnswerMetrics metrics, EdgeMetrics edge)
{
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        return headers.Authorization.Count == 0
            && headers.Cookie.Count == 0
            && ReadThroughMemory.IsWholeRead(context)
            && store.Find(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is { } answer
                ? ServeAsync(context, answer)
                : next(context);
    }

    private async Task ServeAsync(HttpContext context, KeptAnswer answer)
    {
        context.SetEndpoint(answer.Endpoint); // names the span and the request's metrics
        var decision = await limits.AcquireAsync(answer.Route, caller: null, context);
        AnswerHeaders.Of(context).RateLimit = decision;
        if (decision is { IsAllowed: false } limited)
        {
            var refusal = limited.ToError();
            edge.Refused(refusal.Code);
            await refusal.ExecuteAsync(context);
            return;
        }

        metrics.Hits();
        await answer.WriteAsync(context, store);
    }
}
