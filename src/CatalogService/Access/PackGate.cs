using Npgsql;
using PackRelay.CatalogService.Packs;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Access;

/// <summary>Who sees a pack, as a statement reads it beside columns of its own: one query answers both.</summary>
/// <param name="OwnerId">Account that owns the pack.</param>
/// <param name="Visibility">Who sees it.</param>
/// <param name="Members">Accounts of its team; read for private packs only.</param>
internal sealed record PackGate(Guid OwnerId, string Visibility, IReadOnlyList<Guid>? Members)
{
    /// <summary>What a statement over <c>packs p</c> selects for <see cref="Read"/>.</summary>
    public const string Columns =
        "p.owner_id, p.visibility, CASE WHEN p.visibility = 'private' THEN ARRAY(SELECT m.account_id FROM pack_members m WHERE m.pack_id = p.id) END";

    /// <summary>How many columns that is.</summary>
    public const int Width = 3;

    public bool IsPrivate => Visibility == PackVisibility.Private;

    public static PackGate Read(NpgsqlDataReader row, int column) => new(row.GetGuid(column), row.GetString(column + 1), row.GetNullable<Guid[]>(column + 2));

    /// <summary>Whether the pack is there at all for the caller.</summary>
    public bool Admits(Caller caller, string slug) => Admits(caller, slug, Visibility, OwnerId == caller.AccountId || Members?.Contains(caller.AccountId) == true);

    /// <summary>The rule itself.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="slug">The pack's slug: a token for other packs sees no private one.</param>
    /// <param name="visibility">The pack's visibility.</param>
    /// <param name="isOfTeam">Whether the caller owns the pack or is a member.</param>
    public static bool Admits(Caller caller, string slug, string visibility, bool isOfTeam) => visibility switch
    {
        PackVisibility.Deleted => false,
        PackVisibility.Private => !caller.IsAnonymous && (isOfTeam || caller.Role == Role.Admin) && caller.MayTouchPack(slug),
        _ => true,
    };
}
