using System.Net;
using PackRelay.Gateway.Edge;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.Gateway.Callers;

/// <summary>Asks Identity who a credential belongs to.</summary>
internal sealed class IdentityCallers(IHttpClientFactory clients, CallerToken tokens, EdgeMetrics metrics)
{
    /// <summary>The caller; null when the credential is unknown, expired or revoked.</summary>
    /// <exception cref="HttpRequestException">Identity cannot be asked.</exception>
    public async Task<Caller?> ResolveAsync(Credential credential)
    {
        try
        {
            using var client = clients.CreateClient("identity");
            // Several requests may wait for this answer, so that none of them may cancel it; the client's time-out ends it.
            using var answer = await client.PostAsJsonAsync("/internal/callers", new ResolveCallerRequest(credential.Kind, credential.Secret), ApiJson.Options, CancellationToken.None);
            var caller = answer.StatusCode switch
            {
                HttpStatusCode.OK => tokens.TryRead(await answer.Content.ReadAsStringAsync(CancellationToken.None), out var read)
                    ? read
                    : throw new HttpRequestException("Identity's answer is not signed with the key of this gateway."),
                HttpStatusCode.Unauthorized => null,
                var status => throw new HttpRequestException($"Identity answered {(int)status}."),
            };
            metrics.Resolved(caller is null ? "unknown" : "known");
            return caller;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            metrics.Resolved("failed");
            throw error as HttpRequestException ?? new HttpRequestException("Identity did not answer in time.", error);
        }
    }
}
