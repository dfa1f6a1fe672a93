using Microsoft.AspNetCore.Http.Features;
using PackRelay.ServiceDefaults.Errors;
using Yarp.ReverseProxy.Model;

namespace PackRelay.Gateway.Edge;

/// <summary>Takes a request in: ambiguous paths are refused, foreign headers dropped, preflights answered.</summary>
internal sealed class EdgeMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        AnswerHeaders.AddTo(context);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!RequestTarget.IsPlain(target))
            return new ApiError(StatusCodes.Status404NotFound, ErrorCodes.NotFound, "there is no route with such a path").ExecuteAsync(context);

        InboundHeaders.Strip(context.Request.Headers);
        return Cors.IsPreflight(context.Request) && context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is not null
            ? Cors.AnswerPreflight(context.Response)
            : next(context);
    }
}
