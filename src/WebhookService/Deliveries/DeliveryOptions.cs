using System.ComponentModel.DataAnnotations;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Section <c>Webhooks:Delivery</c>.</summary>
public sealed class DeliveryOptions
{
    private static readonly TimeSpan[] DefaultPauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10),
        TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>
    /// Pause after each failed attempt; after the last of them one more attempt is made, and then the delivery is given up. The first attempt is made at once.
    /// When none is configured: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, so 10 attempts in all.
    /// </summary>
    public TimeSpan[] RetryPauses { get; set; } = []; // a default in here would be appended to, not replaced, by configuration

    /// <summary>How much longer than its step a pause may be, by chance, so that endpoints that failed together do not come back together; 0 to 1, default 0.2.</summary>
    [Range(0, 1)]
    public double Jitter { get; set; } = 0.2;

    /// <summary>Time for one attempt, from the connection to the end of the answer; 1 s to 25 s, default 15 s. The lease must outlive it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:25")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a claimed delivery belongs to its worker: one that died gives it back after this; 30 s to 10 min, default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause between two looks for what became due by time; new deliveries are seen at once. 100 ms to 1 min, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long deliveries under way may go on while the service stops; 0 to 25 s, default 5 s. What is not done then is given back.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:25")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Deliveries under way to one endpoint; 1 to 64, default 4.</summary>
    [Range(1, 64)]
    public int EndpointConcurrency { get; set; } = 4;

    /// <summary>Deliveries under way in one replica; 1 to 4,096, default 512.</summary>
    [Range(1, 4096)]
    public int Concurrency { get; set; } = 512;

    /// <summary>An endpoint that does nothing but fail for so long is disabled; 1 h to 365 days, default 5 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan DisableAfter { get; set; } = TimeSpan.FromDays(5);

    /// <summary>How long deliveries, their attempts and the feed are kept; 1 day to 365 days, default 30 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The pauses in force.</summary>
    internal IReadOnlyList<TimeSpan> Pauses => RetryPauses.Length > 0 ? RetryPauses : DefaultPauses;
}
