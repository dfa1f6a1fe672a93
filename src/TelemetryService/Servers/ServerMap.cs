using System.Collections.Concurrent;

namespace PackRelay.TelemetryService.Servers;

/// <summary>
/// This replica's copy of the projection. Facts may arrive in any order and more than once (event, refresh, read-through): the higher
/// revision stays, and of two servers that had the same slug the later one.
/// </summary>
internal sealed class ServerMap(TimeProvider clock)
{
    private const int MaximumMisses = 10_000;

    /// <summary>Short: who registers a server may beat at once, also where somebody asked for its slug before.</summary>
    private static readonly TimeSpan MissLifetime = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, KnownServer> servers = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, KnownPack> packs = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, DateTimeOffset> misses = new(StringComparer.Ordinal);

    public KnownServer? Find(string slug) => servers.TryGetValue(slug, out var server) && !server.Removed ? server : null;

    /// <summary>True while it is remembered that nobody has this slug.</summary>
    public bool IsKnownMiss(string slug) => misses.TryGetValue(slug, out var until) && clock.GetUtcNow() < until;

    public void NoteMiss(string slug)
    {
        if (misses.Count >= MaximumMisses) misses.Clear(); // somebody tries slugs; memory stays bounded
        misses[slug] = clock.GetUtcNow() + MissLifetime;
    }

    public void Put(KnownServer server)
    {
        servers.AddOrUpdate(server.Slug, server, (_, known) => Supersedes(server, known) ? server : known);
        if (!server.Removed) misses.TryRemove(server.Slug, out _);
    }

    public void Put(KnownPack pack) => packs.AddOrUpdate(pack.Slug, pack, (_, known) => pack.Revision > known.Revision || known.Revision == 0 ? pack : known);

    /// <summary>The version that a server should install: its pin, or the pack's latest.</summary>
    public string? VersionFor(KnownServer server) =>
        server.PackPin ?? (server.PackSlug is { } slug && packs.TryGetValue(slug, out var pack) ? pack.LatestVersion : null);

    private static bool Supersedes(KnownServer server, KnownServer known)
    {
        if (server.Id == known.Id) return server.Revision > known.Revision;
        if (server.Removed != known.Removed) return known.Removed;
        return server.CreatedAt > known.CreatedAt;
    }
}
