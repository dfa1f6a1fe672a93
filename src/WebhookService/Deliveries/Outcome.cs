namespace PackRelay.WebhookService.Deliveries;

/// <summary>An attempt and what follows from it.</summary>
/// <param name="Delivery">The delivery as it was claimed.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Verdict">What becomes of the delivery.</param>
/// <param name="NextAttemptAt">When it is tried again; null when it is not.</param>
internal sealed record Outcome(ClaimedDelivery Delivery, Attempt Attempt, Verdict Verdict, DateTimeOffset? NextAttemptAt)
{
    /// <summary>The status that the row gets.</summary>
    public string Status => Verdict switch
    {
        Verdict.Delivered => DeliveryStatus.Delivered,
        Verdict.Retry => DeliveryStatus.Pending,
        _ => DeliveryStatus.Failed,
    };
}
