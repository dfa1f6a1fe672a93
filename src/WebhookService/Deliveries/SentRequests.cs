using PackRelay.WebhookService.Endpoints;
using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Makes the headers of an attempt again, from what is stored of it: a month of signatures would take more room than all else of the attempts.</summary>
internal sealed class SentRequests(SecretVault vault)
{
    /// <summary>The headers as they were sent; without signatures when they cannot be made any more.</summary>
    /// <param name="endpoint">The webhook with the secrets that are kept.</param>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="eventName">Its event.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="at">When the attempt was made; null for what every attempt has.</param>
    /// <param name="signing">What signed it; null when that is not known, or nothing did.</param>
    public IReadOnlyDictionary<string, string> HeadersOf(StoredEndpoint endpoint, Guid deliveryId, string eventName, byte[] body, DateTimeOffset? at, Signing? signing)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Content-Type"] = DeliveryRequest.ContentType, ["User-Agent"] = DeliveryRequest.UserAgent };
        foreach (var (name, value) in DeliveryRequest.Headers(deliveryId, eventName)) headers[name] = value;
        if (at is not { } time) return headers;

        var (timestamp, seconds) = DeliveryRequest.Timestamp(time);
        headers[timestamp] = seconds;
        if (signing is null || Open(endpoint, signing.SecretNumber) is not { } secret) return headers;
        var previous = signing.WithPrevious ? Open(endpoint, signing.SecretNumber - 1) : null;
        if (signing.WithPrevious && previous is null) return headers;
        foreach (var (name, value) in DeliveryRequest.Signatures(deliveryId, body, time, secret, previous)) headers[name] = value;
        return headers;
    }

    private WebhookSecret? Open(StoredEndpoint endpoint, int number)
    {
        var kept = number == endpoint.SecretNumber ? endpoint.Secret : number == endpoint.SecretNumber - 1 ? endpoint.PreviousSecret : null;
        return kept is not null && vault.TryOpen(endpoint.Id, kept, out var secret) ? secret : null;
    }
}
