using Yarp.ReverseProxy.Forwarder;

namespace PackRelay.Gateway.Forwarding;

/// <summary>What a failed attempt says about the replica.</summary>
internal static class Failure
{
    /// <summary>No connection could be made, so that nothing of the request was sent.</summary>
    public static bool IsConnection(IForwarderErrorFeature? error) =>
        error is { Error: ForwarderError.Request, Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } };

    /// <summary>The connection broke before an answer; how far the service had come is not known.</summary>
    public static bool IsBreak(IForwarderErrorFeature? error) => error is { Error: ForwarderError.Request, Exception: HttpRequestException };
}
