using System.Net;
using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.ServiceDefaults.Audit;

/// <summary>Who does something, and from where: what the audit log keeps of a request. Handlers take it as a parameter.</summary>
/// <param name="Caller">Who.</param>
/// <param name="Address">The client's address as the gateway saw it; null when the request did not come through the gateway.</param>
public sealed record Actor(Caller Caller, IPAddress? Address)
{
    // The gateway drops whatever a client sends under this name and writes the one address that it believes.
    private const string AddressHeader = "X-Forwarded-For";

    /// <summary>Reads a request's actor.</summary>
    public static Actor Of(HttpContext context) => new(
        context.GetCaller(),
        context.Request.Headers[AddressHeader] is [{ } text] && IPAddress.TryParse(text, out var address) ? address : null);

    /// <summary>Binds a handler's parameter of this type to the request's actor.</summary>
    public static ValueTask<Actor?> BindAsync(HttpContext context) => ValueTask.FromResult<Actor?>(Of(context));
}
