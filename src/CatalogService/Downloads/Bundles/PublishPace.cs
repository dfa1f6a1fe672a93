namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>Whether versions are being published at the moment, through this process.</summary>
internal sealed class PublishPace(TimeProvider clock)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private long lastAt = clock.GetTimestamp() - (long)(Moment.TotalSeconds * clock.TimestampFrequency);

    public bool IsBusy => clock.GetElapsedTime(Volatile.Read(ref lastAt)) < Moment;

    /// <summary>A version is published now.</summary>
    public void Published() => Volatile.Write(ref lastAt, clock.GetTimestamp());
}
