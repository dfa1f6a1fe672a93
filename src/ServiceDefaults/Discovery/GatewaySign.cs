namespace PackRelay.ServiceDefaults.Discovery;

/// <summary>
/// A sign of life in Redis that gateways give while requests find their way through them: they run, and Identity tells them who is who. Telemetry looks at it,
/// because behind a closed door it hears nobody, and nobody's silence means anything then.
/// </summary>
public static class GatewaySign
{
    /// <summary>The key; it is there while some gateway is well.</summary>
    public const string Key = "gateway:well";

    /// <summary>Pause between two signs of one gateway.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a sign lasts: as three of them, so that a slow answer is no outage.</summary>
    public static TimeSpan Lifetime { get; } = 3 * Interval;
}
