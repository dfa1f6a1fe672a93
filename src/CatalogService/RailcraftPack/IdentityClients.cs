using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.RailcraftPack;

/// <summary>
/// Asks Identity who a client is. The dialect's credentials stand in bodies, which the gateway passes on unread; so whoever reads the body asks. Nothing is kept: a client that is deleted, or a token that has ended, is refused at once.
/// </summary>
internal sealed class IdentityClients(IHttpClientFactory clients, CallerToken callers)
{
    public const string ServiceName = "identity";

    private static readonly Uri Route = new("/internal/railcraft/clients", UriKind.Relative);

    /// <summary>The client that sends a request, or the error to answer with: 3, 4, 5, 7, 12 or 6, in this order.</summary>
    /// <exception cref="HttpRequestException">Identity does not answer, or not in time.</exception>
    public async Task<ClientLookup> FindAsync(RailcraftFields fields, HttpContext context, CancellationToken stop)
    {
        if (!ClientKey.TryRead(fields, Actor.Of(context).Address, out var key, out var error)) return new(null, error);
        var verdict = await AskAsync(key, stop);
        if (verdict.Result != 0) return new(null, verdict.ToError());
        return callers.TryRead(verdict.Caller, out var caller)
            ? new(caller, null)
            : throw new HttpRequestException("Identity's answer is not signed with the key of this service.");
    }

    private async Task<ClientVerdict> AskAsync(ClientKey key, CancellationToken stop)
    {
        using var identity = clients.CreateClient(ServiceName);
        try
        {
            using var answer = await identity.PostAsJsonAsync(Route, key, ApiJson.Options, stop);
            answer.EnsureSuccessStatusCode();
            return (await answer.Content.ReadFromJsonAsync<ClientVerdict>(ApiJson.Options, stop))!;
        }
        catch (OperationCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw new HttpRequestException("Identity did not answer in time.", error);
        }
    }
}

/// <summary>A client, or the error to answer with.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ClientLookup(Caller? Client, RailcraftError? Refusal)
{
    public bool TryGet([NotNullWhen(true)] out Caller? client, [NotNullWhen(false)] out RailcraftError? error)
    {
        (client, error) = (Client, Refusal);
        return client is not null;
    }
}
