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

    private volatile HashSet<long>? known;

    /// <summary>Whether they have been read at all.</summary>
    public bool AreRead => known is not null;

    public bool Contains(long slot) => known?.Contains(slot) == true;

    /// <summary>Adds slots as the replicas recorded them together; one that is known stays so. One caller at a time.</summary>
    /// <param name="recorded">Slots with the pulses in them.</param>
    /// <param name="oldest">Slots before it are forgotten.</param>
    public void Add(IEnumerable<(long Slot, int Pulses)> recorded, long oldest)
    {
        var next = (known ?? []).Where(slot => slot >= oldest).ToHashSet();
        next.UnionWith(recorded.Where(slot => BitOperations.PopCount((uint)slot.Pulses) >= PulsesToKnow).Select(slot => slot.Slot));
        known = next;
    }
}
