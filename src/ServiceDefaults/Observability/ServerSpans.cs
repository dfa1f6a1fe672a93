using System.Diagnostics;
using OpenTelemetry;

namespace PackRelay.ServiceDefaults.Observability;

/// <summary>Drops the spans of health probes: they come every few seconds and say nothing.</summary>
internal sealed class ServerSpans : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem(ServerSpanNames.ProbeTag) is true) data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
