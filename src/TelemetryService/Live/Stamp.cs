using System.Runtime.InteropServices;

namespace PackRelay.TelemetryService.Live;

/// <summary>What the live state said when it took a beat.</summary>
/// <param name="RetryAfter">Zero when the beat was taken; else it came too soon, and this is the wait until the next one.</param>
/// <param name="Online">The database has the server online already, so this beat changes no status.</param>
/// <param name="RecordedSlot">The last 5-minute slot that the database has for the server.</param>
/// <param name="UptimePct">The server's uptime as of that slot; null when never computed.</param>
/// <param name="Generation">Counts how often the server was taken offline; tells a late decision from a current one.</param>
/// <param name="IsOvertaken">A later beat of the server was taken before this one, so this one tells nothing of its status.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Stamp(TimeSpan RetryAfter, bool Online, long RecordedSlot, double? UptimePct, long Generation, bool IsOvertaken)
{
    public bool IsRefused => RetryAfter > TimeSpan.Zero;
}

/// <summary>What the database has committed about a server.</summary>
/// <param name="ServerId">The server.</param>
/// <param name="Generation">That of the beat which caused it.</param>
/// <param name="Online">Its status; null when it was not looked at.</param>
/// <param name="RecordedSlot">The slot that is on record now; null when it did not change.</param>
/// <param name="UptimePct">The uptime as of that slot; null when it did not change.</param>
internal sealed record Mark(Guid ServerId, long Generation, bool? Online, long? RecordedSlot, double? UptimePct);
