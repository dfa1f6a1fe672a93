using System.Numerics;

namespace PackRelay.TelemetryService.Uptime;

/// <summary>
/// In which slots the hub was able to receive. A pulse is ten seconds of being able to; two minutes of a slot are enough to hear every
/// server that keeps to the advised interval. Other slots are unknown and count for nobody.
/// </summary>
internal sealed class KnownSlots
{
    public const int PulsesPerSlot = 30;

    private const int PulsesToKnow = 12;

    private volatile HashSet<long> known = [];

    public bool Contains(long slot) => known.Contains(slot);

    /// <summary>Takes the slots of the last days as the replicas recorded them together.</summary>
    public void Replace(IEnumerable<(long Slot, int Pulses)> recorded) =>
        known = recorded.Where(slot => BitOperations.PopCount((uint)slot.Pulses) >= PulsesToKnow).Select(slot => slot.Slot).ToHashSet();
}
