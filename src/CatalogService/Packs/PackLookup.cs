using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Packs;

/// <summary>What access rules need to know of a pack.</summary>
/// <param name="Id">Identifies the pack.</param>
/// <param name="Slug">Its slug.</param>
/// <param name="OwnerId">Account that owns it.</param>
/// <param name="Game">Its game.</param>
/// <param name="Visibility">Who sees it.</param>
internal sealed record PackFacts(Guid Id, string Slug, Guid OwnerId, string Game, string Visibility)
{
    public bool IsPrivate => Visibility == PackVisibility.Private;
}

/// <summary>The one place that decides which packs a caller sees and which it may change.</summary>
internal sealed class PackLookup(NpgsqlDataSource db)
{
    private const string FindSql = "SELECT id, slug, owner_id, game, visibility FROM packs WHERE slug = $1";

    /// <summary>A pack that the caller sees; else 404.</summary>
    public async Task<Lookup<PackFacts>> FindAsync(string slug, Caller caller, CancellationToken stop)
    {
        var pack = await db.FirstAsync(FindSql, row => new PackFacts(row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetString(3), row.GetString(4)), stop, slug);
        return pack is not null && Sees(caller, pack.Slug, pack.OwnerId, pack.Visibility) ? pack : PackErrors.NotFound(slug);
    }

    /// <summary>A pack that the caller may change; else 404, 403 <c>not_owner</c>, or 403 <c>forbidden</c> when the token is for other packs.</summary>
    public async Task<Lookup<PackFacts>> FindOwnAsync(string slug, Caller caller, CancellationToken stop)
    {
        var found = await FindAsync(slug, caller, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        if (pack.OwnerId != caller.AccountId) return ApiError.NotOwner("pack", slug);
        return caller.MayTouchPack(slug) ? pack : ApiError.Forbidden($"the API token is not for the pack '{slug}'");
    }

    /// <summary>Whether a pack is there at all for the caller.</summary>
    public static bool Sees(Caller caller, string slug, Guid ownerId, string visibility) =>
        visibility != PackVisibility.Private || (!caller.IsAnonymous && ownerId == caller.AccountId && caller.MayTouchPack(slug));
}
