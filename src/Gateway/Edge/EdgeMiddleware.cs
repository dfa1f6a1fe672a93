using Microsoft.AspNetCore.Http.Features;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.Gateway.Edge;

/// <summary>Takes a request in: ambiguous ones and tunnels are refused, foreign headers dropped.</summary>
internal sealed class EdgeMiddleware(RequestDelegate next, SolderHeaders solder)
{
    /// <summary>Where the server puts Content-Length when it goes by a Transfer-Encoding beside it.</summary>
    private const string OverruledLength = "X-Content-Length";

    public Task InvokeAsync(HttpContext context)
    {
        AnswerHeaders.AddTo(context, solder);
        if (Refusal(context) is { } refusal) return refusal.ExecuteAsync(context);

        InboundHeaders.Strip(context.Request.Headers);
        return next(context);
    }

    private static ApiError? Refusal(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!RequestTarget.IsPlain(target)) return new ApiError(StatusCodes.Status404NotFound, ErrorCodes.NotFound, "there is no route with such a path");
        if (HttpMethods.IsConnect(context.Request.Method)) return new ApiError(StatusCodes.Status405MethodNotAllowed, ErrorCodes.MethodNotAllowed, "the hub opens no tunnels");
        // Whoever read this request before us may have seen it end elsewhere: the way one request is hidden in another.
        return context.Request.Headers.TransferEncoding.Count > 0 && context.Request.Headers.ContainsKey(OverruledLength)
            ? ApiError.BadRequest(ErrorCodes.InvalidRequest, "a request must not have both Content-Length and Transfer-Encoding")
            : null;
    }
}
