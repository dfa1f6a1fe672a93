using PackRelay.Manifests.Comparing;

namespace PackRelay.TelemetryService.Drift;

/// <summary>
/// The mods of the versions that servers run, as many as fit: what a version holds never changes, so each is asked for once and the one used longest ago
/// goes. While the catalog does not answer it is asked once in a few seconds, and heartbeats go without.
/// </summary>
internal sealed partial class ModLists(CatalogMods catalog, TimeProvider clock, ILogger<ModLists> logger)
{
    /// <summary>Mods in memory, in all lists; about 40 MB of them.</summary>
    private const int Capacity = 200_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();

    private readonly Dictionary<(string Pack, string Version), LinkedListNode<Entry>> entries = [];

    private readonly LinkedList<Entry> byUse = new(); // the one used last comes first

    private int weight;

    /// <summary>The mods of a version by name, whose case does not matter; null when the catalog does not answer, none when it has no such version.</summary>
    public async Task<IReadOnlyDictionary<string, ManifestMod>?> FindAsync(string packSlug, string version)
    {
        Entry entry;
        lock (gate)
        {
            if (entries.TryGetValue((packSlug, version), out var node) && !(node.Value.RetryAt <= clock.GetUtcNow()))
            {
                byUse.Remove(node);
                byUse.AddFirst(node);
                entry = node.Value;
            }
            else
            {
                if (node is not null) Remove(node);
                entry = new(packSlug, version);
                entries[(packSlug, version)] = byUse.AddFirst(entry);
                weight++;
                entry.Mods = FillAsync(entry);
            }
        }

        return await entry.Mods;
    }

    private async Task<IReadOnlyDictionary<string, ManifestMod>?> FillAsync(Entry entry)
    {
        await Task.Yield(); // out of the lock
        try
        {
            var mods = await catalog.FindAsync(entry.Pack, entry.Version, CancellationToken.None); // for all who wait, not for one request
            lock (gate)
            {
                if (mods.Count == 0) entry.RetryAt = clock.GetUtcNow() + Pause; // asked before the catalog had it
                else Grow(entry, mods.Count);
            }

            return mods;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException)
        {
            NotAnswered(error, entry.Pack, entry.Version);
            lock (gate) entry.RetryAt = clock.GetUtcNow() + Pause;
            return null;
        }
    }

    private void Grow(Entry entry, int mods)
    {
        if (!entries.TryGetValue((entry.Pack, entry.Version), out var node) || node.Value != entry) return; // thrown out meanwhile
        entry.Weight += mods;
        weight += mods;
        while (weight > Capacity && byUse.Last is { } oldest && oldest.Value != entry) Remove(oldest);
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        byUse.Remove(node);
        entries.Remove((node.Value.Pack, node.Value.Version));
        weight -= node.Value.Weight;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The catalog did not tell the mods of {Pack} {Version}; heartbeats are answered without drift")]
    private partial void NotAnswered(Exception error, string pack, string version);

    private sealed class Entry(string pack, string version)
    {
        public string Pack => pack;

        public string Version => version;

        public int Weight { get; set; } = 1;

        /// <summary>When the catalog is to be asked again; null for a list that is good for ever, or under way.</summary>
        public DateTimeOffset? RetryAt { get; set; }

        public Task<IReadOnlyDictionary<string, ManifestMod>?> Mods { get; set; } = null!;
    }
}
