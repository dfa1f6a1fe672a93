using PackRelay.Manifests.Comparing;
using PackRelay.TelemetryService.Heartbeats;

namespace PackRelay.TelemetryService.Drift;

/// <summary>Compares a server's inventory with the mods of the version that it should run.</summary>
internal sealed class DriftCheck(ModLists lists)
{
    /// <summary>More would make the answer larger than the question.</summary>
    public const int MostDrifts = 1_000;

    /// <summary>What differs, what differs in itself first, then what is missing, then what is unexpected; null when the version's mods are not known.</summary>
    public async Task<IReadOnlyList<ModDrift>?> CompareAsync(string packSlug, string version, IReadOnlyList<InventoryItem?> inventory) =>
        await lists.FindAsync(packSlug, version) is { Count: > 0 } mods ? Compare(mods, inventory) : null;

    internal static IReadOnlyList<ModDrift> Compare(IReadOnlyDictionary<string, ManifestMod> mods, IReadOnlyList<InventoryItem?> inventory)
    {
        var (different, unexpected) = (new List<ModDrift>(), new List<ModDrift>());
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in inventory)
        {
            if (item is null || !seen.Add(item.Name)) continue;
            if (!mods.TryGetValue(item.Name, out var mod)) unexpected.Add(new(item.Name, DriftState.Unexpected, null, item.Version ?? item.Sha256));
            else if (mod.Sha256 is not null && item.Sha256 is not null) Add(mod.Sha256, item.Sha256, mod.Sha256.Equals(item.Sha256, StringComparison.OrdinalIgnoreCase));
            else if (mod.Version is not null && item.Version is not null) Add(mod.Version, item.Version, IsSameVersion(mod.Version, item.Version));

            void Add(string expected, string actual, bool isSame)
            {
                if (!isSame) different.Add(new(mod!.Name, DriftState.Different, expected, actual));
            }
        }

        var missing = mods.Values.Where(mod => mod.IsRequired && !seen.Contains(mod.Name)).Select(mod => new ModDrift(mod.Name, DriftState.Missing, mod.Version ?? mod.Sha256, null));
        return [.. different.Concat(missing).Concat(unexpected).Take(MostDrifts)];
    }

    /// <summary>Versions are free text that is typed by hand: <c>v1.0</c> and <c>1.0</c> are the same.</summary>
    private static bool IsSameVersion(string expected, string actual) => Plain(expected).Equals(Plain(actual), StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Plain(string version)
    {
        var plain = version.AsSpan().Trim();
        return plain is ['v' or 'V', _, ..] ? plain[1..] : plain;
    }
}
