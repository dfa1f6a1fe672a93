using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.IdentityService.Railcraft;

/// <summary><c>POST /internal/railcraft/clients</c>: what the catalog asks about the credentials in a request of the dialect. The caller that it gives has no scopes: a client may do what the dialect lets it, and no more.</summary>
internal static class CheckClient
{
    // Open: whoever reaches it must know the secret already, and no gateway route leads to it.
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/railcraft/clients", HandleAsync).OpenToAnyone().WithName(nameof(CheckClient)).ExcludeFromDescription();

    internal static async Task<Results<Ok<ClientVerdict>, ApiError>> HandleAsync(JsonBody<ClientKey> body, ClientChecks clients, CallerToken callers, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop, limitBytes: 256 * 1024); // the dialect's 64 KiB, in escapes
        if (!read.TryGet(out var key, out var error)) return error;
        var check = await clients.CheckAsync(key, stop);
        return TypedResults.Ok(new ClientVerdict(check.Result, check.Client is null ? null : callers.Write(check.Client), check.RetryAfter?.TotalSeconds));
    }
}
