namespace PackRelay.WebhookService.Deliveries;

/// <summary>Where a delivery stands.</summary>
internal static class DeliveryStatus
{
    /// <summary>Not sent yet, or failed and to be tried again.</summary>
    public const string Pending = "pending";

    /// <summary>Answered 2xx.</summary>
    public const string Delivered = "delivered";

    /// <summary>Given up.</summary>
    public const string Failed = "failed";

    public static IReadOnlyList<string> All { get; } = [Pending, Delivered, Failed];

    public static bool IsKnown(string status) => status is Pending or Delivered or Failed;
}
