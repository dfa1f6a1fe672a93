using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.Gateway.Callers;

/// <summary>
/// A browser sends the session cookie with requests that any page makes it send, and says which page in Origin. Changes are taken from our own
/// pages only; a token is not sent by itself, so that requests with one are exempt, and programs without Origin pass.
/// </summary>
internal sealed class OriginCheck(IOptions<HubOptions> hub)
{
    private readonly string publicOrigin = hub.Value.PublicUrl.GetLeftPart(UriPartial.Authority);

    public ApiError? Refusal(HttpRequest request, Credential credential)
    {
        if (credential.Kind != CredentialKind.Session || request.Headers.Origin.Count == 0) return null;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)) return null;
        return IsOurs(request, request.Headers.Origin.ToString()) ? null : ApiError.Forbidden("a session may be used for changes by the hub's own pages only");
    }

    private bool IsOurs(HttpRequest request, string origin) =>
        origin.Equals(publicOrigin, StringComparison.OrdinalIgnoreCase)
        || origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
}
