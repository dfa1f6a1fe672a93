using System.Diagnostics.Metrics;

namespace PackRelay.ServiceDefaults.Outbox;

internal sealed class OutboxMetrics(IMeterFactory meters)
{
    public const string MeterName = "PackRelay.Outbox";

    private readonly Counter<long> published = meters.Create(MeterName).CreateCounter<long>("packrelay.outbox.published", "{event}", "Events that the broker confirmed");

    private readonly Counter<long> failures = meters.Create(MeterName).CreateCounter<long>("packrelay.outbox.failures", "{pass}", "Passes that ended with an event unsent");

    public void Published(int count) => published.Add(count);

    public void Failed() => failures.Add(1);
}
