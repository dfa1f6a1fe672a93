using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.Testing.Services;

/// <summary>Does what the gateway does: gives every request the signed header of its caller, fresh each time because it lives for a minute.</summary>
internal sealed class CallerHandler(CallerToken tokens, Caller caller) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation(CallerToken.HeaderName, tokens.Write(caller));
        return base.SendAsync(request, cancellationToken);
    }
}
