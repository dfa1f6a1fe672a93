using System.Globalization;
using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>The headers of a webhook's request.</summary>
internal static class DeliveryRequest
{
    public const string ContentType = "application/json";

    public const string UserAgent = "PackRelay-Webhooks/1";

    /// <summary>Those that are the same on every attempt, but for Content-Type and User-Agent.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Headers(Guid deliveryId, string eventName)
    {
        yield return new("X-PackRelay-Event", eventName);
        yield return new("X-PackRelay-Delivery", deliveryId.ToString());
        yield return new("webhook-id", deliveryId.ToString());
    }

    /// <summary>When the attempt was made.</summary>
    public static KeyValuePair<string, string> Timestamp(DateTimeOffset at) => new("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    /// <summary>The signatures of one attempt.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Signatures(Guid deliveryId, ReadOnlyMemory<byte> body, DateTimeOffset at, WebhookSecret secret, WebhookSecret? previousSecret)
    {
        yield return new("X-PackRelay-Signature", secret.SignBody(body.Span));
        var signature = secret.SignMessage(deliveryId, at, body.Span);
        yield return new("webhook-signature", previousSecret is null ? signature : $"{signature} {previousSecret.SignMessage(deliveryId, at, body.Span)}");
    }
}
