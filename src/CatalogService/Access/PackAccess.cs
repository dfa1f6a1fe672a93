using Npgsql;
using PackRelay.CatalogService.Packs;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Access;

/// <summary>The one place that decides what a caller may do with a pack. Reads that join a pack themselves use <see cref="PackGate"/>.</summary>
internal sealed class PackAccess(NpgsqlDataSource db)
{
    private const string FindSql = """
        SELECT p.id, p.slug, p.owner_id, p.game, p.visibility, m.role
          FROM packs p LEFT JOIN pack_members m ON m.pack_id = p.id AND m.account_id = $2
         WHERE p.slug = $1
        """;

    /// <summary>A pack that the caller sees; else 404.</summary>
    public async Task<Lookup<PackFacts>> FindAsync(string slug, Caller caller, CancellationToken stop)
    {
        var pack = await db.FirstAsync(FindSql, row => Read(row, caller), stop, slug, caller.AccountId);
        return pack is not null && PackGate.Admits(caller, pack.Slug, pack.Visibility, pack.Role > PackRole.None) ? pack : PackErrors.NotFound(slug);
    }

    /// <summary>
    /// A pack to which the caller has a right; else 404, 403 <c>not_owner</c>, or 403 <c>forbidden</c> when the token is for other packs. The right may be
    /// gone a moment later: a write that must not happen then asks again under its lock.
    /// </summary>
    public async Task<Lookup<PackFacts>> FindAsync(string slug, Caller caller, PackRight right, CancellationToken stop)
    {
        var found = await FindAsync(slug, caller, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        if (!pack.Allows(caller, right)) return PackErrors.NotAllowed(pack, right);
        return caller.MayTouchPack(slug) ? pack : ApiError.Forbidden($"the API token is not for the pack '{slug}'");
    }

    private static PackFacts Read(NpgsqlDataReader row, Caller caller)
    {
        var ownerId = row.GetGuid(2);
        var role = ownerId == caller.AccountId ? PackRole.Owner : PackRoles.Parse(row.GetNullable<string>(5));
        return new PackFacts(row.GetGuid(0), row.GetString(1), ownerId, row.GetString(3), row.GetString(4), role);
    }
}
