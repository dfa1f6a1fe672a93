using System.Globalization;
using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>The headers of a webhook's request.</summary>
internal static class DeliveryRequest
{
    public const string ContentType = "application/json";

    public const string UserAgent = "PackRelay-Webhooks/1";

    /// <summary>Everything but Content-Type and User-Agent. The id stays the same on every attempt; time and signatures are the attempt's own.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Headers(
        Guid deliveryId, string eventName, ReadOnlyMemory<byte> body, DateTimeOffset at, WebhookSecret secret, WebhookSecret? previousSecret)
    {
        yield return new("X-PackRelay-Event", eventName);
        yield return new("X-PackRelay-Delivery", deliveryId.ToString());
        yield return new("X-PackRelay-Signature", secret.SignBody(body.Span));
        yield return new("webhook-id", deliveryId.ToString());
        yield return new("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        var signature = secret.SignMessage(deliveryId, at, body.Span);
        yield return new("webhook-signature", previousSecret is null ? signature : $"{signature} {previousSecret.SignMessage(deliveryId, at, body.Span)}");
    }
}
