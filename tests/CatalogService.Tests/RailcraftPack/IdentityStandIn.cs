using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.Tests.RailcraftPack;

/// <summary>Answers the catalog's question about clients from a list that the test keeps, in Identity's place.</summary>
public sealed class IdentityStandIn : IAsyncDisposable
{
    private readonly WebApplication app;

    private readonly ConcurrentDictionary<string, Known> clients = new(StringComparer.Ordinal);

    private IdentityStandIn(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    /// <summary>Signs callers with the catalog's key.</summary>
    public CallerToken? Callers { get; set; }

    /// <summary>Answers 503 to everything.</summary>
    public bool IsAway { get; set; }

    /// <summary>The last address that the catalog named.</summary>
    public string? LastAddress { get; private set; }

    public static async Task<IdentityStandIn> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var identity = new IdentityStandIn(builder.Build());
        identity.app.Run(identity.HandleAsync);
        await identity.app.StartAsync();
        return identity;
    }

    /// <summary>A new client of an account, with a token.</summary>
    public RailcraftClient NewClient(RailcraftApi api, Caller account)
    {
        var client = new RailcraftClient(api, RandomNumberGenerator.GetHexString(20), RandomNumberGenerator.GetHexString(43), "good-token");
        clients[client.Id] = new Known(client.Secret, account with { Credential = CredentialKind.Client, CredentialId = Guid.NewGuid(), Scopes = new HashSet<string>() });
        return client;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        if (IsAway)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var key = (await context.Request.ReadFromJsonAsync<ClientKey>(ApiJson.Options))!;
        LastAddress = key.Address;
        var known = clients.GetValueOrDefault(key.ClientId);
        var result = key switch
        {
            { ClientSecret: "too many" } => 5,
            _ when known?.Secret != key.ClientSecret => 5,
            { Token: null } => 7,
            { Token: "old-token" } => 6,
            { Token: "good-token" } => 0,
            _ => 12,
        };
        var verdict = new ClientVerdict(result, result == 0 ? Callers!.Write(known!.Caller) : null, key.ClientSecret == "too many" ? 17 : null);
        await context.Response.WriteAsJsonAsync(verdict, ApiJson.Options);
    }

    private sealed record Known(string Secret, Caller Caller);
}
