using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>A delivery that belongs to this process until its lease ends.</summary>
/// <param name="Id">The delivery's id, the same on every attempt.</param>
/// <param name="EndpointId">The endpoint.</param>
/// <param name="Event">Name of the event.</param>
/// <param name="Body">The bytes to sign and send.</param>
/// <param name="Attempts">Attempts made before.</param>
/// <param name="RoundAttempts">Attempts made in this round of the schedule.</param>
/// <param name="OccurredAt">When the event became true.</param>
/// <param name="Url">The endpoint's URL.</param>
/// <param name="Secret">The endpoint's secret.</param>
/// <param name="PreviousSecret">The one before it, when that still signs.</param>
/// <param name="SecretNumber">The how manieth secret of the endpoint <paramref name="Secret"/> is, from 1.</param>
internal sealed record ClaimedDelivery(
    Guid Id, Guid EndpointId, string Event, byte[] Body, int Attempts, int RoundAttempts, DateTimeOffset OccurredAt, Uri Url, SealedSecret Secret, SealedSecret? PreviousSecret,
    int SecretNumber);
