using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace PackRelay.ServiceDefaults.Railcraft;

/// <summary>
/// A client's credentials, as a request carries them; what the catalog asks Identity about on <c>POST /internal/railcraft/clients</c> (not reachable from outside).
/// </summary>
/// <param name="ClientId">Its id.</param>
/// <param name="ClientSecret">Its secret.</param>
/// <param name="Token">Its token; null when the request has none.</param>
/// <param name="Address">The client's address, for counting attempts; null when it is not known.</param>
public sealed record ClientKey(string ClientId, string ClientSecret, string? Token, string? Address)
{
    /// <summary>Reads what a request carries; errors 3 and 4 when there is no id or no secret.</summary>
    public static bool TryRead(RailcraftFields fields, IPAddress? address, [NotNullWhen(true)] out ClientKey? key, [NotNullWhen(false)] out RailcraftError? error)
    {
        key = null;
        error = null;
        if (fields.Text("client_id") is not { } id) error = RailcraftError.ClientIdRequired();
        else if (fields.Text("client_secret") is not { } secret) error = RailcraftError.ClientSecretRequired();
        else key = new ClientKey(id, secret, fields.Text("token"), address?.ToString());
        return key is not null;
    }
}

/// <summary>Identity's answer about a client's credentials.</summary>
/// <param name="Result">0, or the error: 5, 6, 7 or 12.</param>
/// <param name="Caller">Who it is, as a <see cref="Callers.CallerToken"/>; null unless the result is 0.</param>
/// <param name="RetryAfterSeconds">When secrets may be tried again; null unless too many were.</param>
public sealed record ClientVerdict(int Result, string? Caller = null, double? RetryAfterSeconds = null)
{
    /// <summary>The answer to the request when the result is not 0.</summary>
    public RailcraftError ToError() => RailcraftError.Credentials(Result, RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
}
