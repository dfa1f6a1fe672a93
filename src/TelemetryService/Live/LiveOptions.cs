using System.ComponentModel.DataAnnotations;

namespace PackRelay.TelemetryService.Live;

/// <summary>Section <c>Telemetry</c>.</summary>
public sealed class LiveOptions
{
    /// <summary>Silence after which a server is offline; 10 s to 1 day, default 5 min. No pause between beats that is advised is longer than half of it.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan OfflineAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether servers are silent only while some gateway says that it passes requests on; default true. False for a hub whose gateways do not share its Redis.</summary>
    public bool RequireGateway { get; set; } = true;

    /// <summary>Pause between two looks for silent servers; 100 ms to 1 min, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause between two <c>ServersLive</c> events of one replica; 100 ms to 1 min, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan AnnounceInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest that a beat waits for the database to record that its server came or went; 100 ms to 30 s, default 2 s. It is stored and answered all the same.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:30")]
    public TimeSpan StatusTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
