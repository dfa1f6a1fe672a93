using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Transforms;

namespace PackRelay.Gateway.Forwarding;

/// <summary>
/// Sends the target on as it came: decoding and encoding it again would turn the %2F of a key id into %252F. Targets that could be read in two
/// ways have been refused before.
/// </summary>
internal static class RawTarget
{
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static ValueTask Keep(RequestTransformContext context)
    {
        var target = context.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith('/')) // a target with scheme and host is left to the proxy
            context.ProxyRequest.RequestUri = new Uri(string.Concat(context.DestinationPrefix.AsSpan().TrimEnd('/'), target), in AsItIs);
        return ValueTask.CompletedTask;
    }
}
