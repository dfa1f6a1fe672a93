using System.Diagnostics;
using OpenTelemetry;

namespace PackRelay.ServiceDefaults.Observability;

/// <summary>Drops the spans of health probes, which come every few seconds and say nothing, and what is secret of an outgoing request's address.</summary>
internal sealed class ServerSpans : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem(ServerSpanNames.ProbeTag) is true) data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        if (data.GetTagItem("url.full") is string address && address.IndexOf(ServerSpanNames.SecretPath + "/", StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
            data.SetTag("url.full", address[..at] + ServerSpanNames.SecretPath + "/***");
    }
}
