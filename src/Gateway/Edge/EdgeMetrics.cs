using System.Diagnostics.Metrics;

namespace PackRelay.Gateway.Edge;

/// <summary>Meter <c>PackRelay.Gateway</c>.</summary>
internal sealed class EdgeMetrics
{
    private readonly Counter<long> refusals;
    private readonly Counter<long> resolutions;
    private readonly Counter<long> retries;

    public EdgeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("PackRelay.Gateway");
        refusals = meter.CreateCounter<long>("packrelay.gateway.refusals", "{request}", "Requests that the gateway answered itself with an error, by code.");
        resolutions = meter.CreateCounter<long>("packrelay.gateway.caller_resolutions", "{call}", "Credentials that Identity was asked about, by outcome: known, unknown or failed.");
        retries = meter.CreateCounter<long>("packrelay.gateway.retries", "{request}", "Requests sent to another replica after a failure, by cluster.");
    }

    public void Refused(string code) => refusals.Add(1, new KeyValuePair<string, object?>("code", code));

    public void Resolved(string outcome) => resolutions.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Retried(string cluster) => retries.Add(1, new KeyValuePair<string, object?>("cluster", cluster));
}
