namespace PackRelay.ServiceDefaults.Discovery;

/// <summary>
/// A sign of life in Redis that gateways give while requests find their way through them: they run, and Identity tells them who is who. Telemetry looks at it,
/// because behind a closed door it hears nobody, and nobody's silence means anything then.
/// </summary>
public static class GatewaySign
{
    /// <summary>The key; it is there while some gateway is well.</summary>
    public const string Key = "gateway:well";

    /// <summary>Where Identity says whether it can tell who is who: 200, or 503. Unlike <c>/health</c> it does not speak of what credentials do without.</summary>
    public const string IdentityHealth = "/health/callers";

    /// <summary>Pause between two signs of one gateway.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a sign lasts: as several of them, so that a slow answer is no outage. The time that it has left says how old it is.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(15);
}
