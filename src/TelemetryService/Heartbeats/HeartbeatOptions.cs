using System.ComponentModel.DataAnnotations;

namespace PackRelay.TelemetryService.Heartbeats;

/// <summary>Section <c>Telemetry:Heartbeat</c>.</summary>
public sealed class HeartbeatOptions
{
    /// <summary>Shortest lasting pause between two beats of one server; 0 (no limit) to 1 min, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan MinimumInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Beats that may come at once before the pause is enforced; 1 to 100, default 3.</summary>
    [Range(1, 100)]
    public int Burst { get; set; } = 3;

    /// <summary>
    /// Shortest pause that answers advise, in <c>nextHeartbeatSeconds</c>; the longest is twice as long, and two minutes of a slot must be enough to hear everybody. 5 s to
    /// 1 min, default 30 s. A quarter of the offline threshold where that is less, and never less than <see cref="MinimumInterval"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:01:00")]
    public TimeSpan AdvisedInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between the starts of two group commits under load; 1 to 100 ms, default 10 ms. A beat that finds the hub idle does not wait for it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:00.1")]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Most beats in one group commit; 1 to 5,000, default 1,000.</summary>
    [Range(1, 5_000)]
    public int CommitMaximumBeats { get; set; } = 1_000;

    /// <summary>Beats that may wait for their commit in one replica; more are answered 503. 100 to 100,000, default 20,000.</summary>
    [Range(100, 100_000)]
    public int QueueCapacity { get; set; } = 20_000;
}
