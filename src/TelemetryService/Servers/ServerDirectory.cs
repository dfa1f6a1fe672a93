using System.Text.RegularExpressions;

namespace PackRelay.TelemetryService.Servers;

/// <summary>Finds a server by its slug: in memory, else in the projection, else at the catalog.</summary>
internal sealed partial class ServerDirectory(ServerMap map, ServerQueries queries, PackIntake packs, CatalogServers catalog) : IDisposable
{
    private const int MostLookups = 16;

    // Slugs that nobody has cost a query and a question each, and a batch may name hundreds: whoever tries them must not take the database from heartbeats.
    private readonly SemaphoreSlim lookups = new(MostLookups);

    public ValueTask<KnownServer?> FindAsync(string slug, CancellationToken stop)
    {
        if (map.Find(slug) is { } known) return ValueTask.FromResult<KnownServer?>(known);
        if (!SlugShape().IsMatch(slug) || map.IsKnownMiss(slug)) return ValueTask.FromResult<KnownServer?>(null);
        return new(LoadAsync(slug, stop));
    }

    public void Dispose() => lookups.Dispose();

    private async Task<KnownServer?> LoadAsync(string slug, CancellationToken stop)
    {
        await lookups.WaitAsync(stop);
        try
        {
            return map.Find(slug) ?? (map.IsKnownMiss(slug) ? null : await ReadAsync(slug, stop));
        }
        finally
        {
            lookups.Release();
        }
    }

    private async Task<KnownServer?> ReadAsync(string slug, CancellationToken stop)
    {
        if (await queries.FindAsync(slug, stop) is { } projected)
        {
            if (projected.PackSlug is { } pack && await queries.FindPackAsync(pack, stop) is { } latest) map.Put(latest);
            map.Put(projected);
        }
        else if (await catalog.FindAsync(slug, stop) is { } current)
        {
            var server = current.ToServer();
            await queries.PutAsync(server, stop); // status and uptime refer to it
            if (current.ToPack() is { } pack)
            {
                await packs.PutAsync(pack, stop);
                map.Put(await queries.FindPackAsync(pack.Slug, stop) ?? pack);
            }

            map.Put(server);
        }
        else
        {
            map.NoteMiss(slug);
        }

        return map.Find(slug);
    }

    [GeneratedRegex(@"^[a-z0-9-]{1,64}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SlugShape();
}
