using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Solder;

/// <summary>To whom modpacks are open that are not open to everybody: what statements are given as <c>$1</c> to <c>$5</c> for <see cref="IsOpenSql"/>.</summary>
/// <param name="HasAll">Whether all of them are.</param>
/// <param name="AccountId">Whose own ones, and those of whose teams; empty for nobody.</param>
/// <param name="Slugs">Those that an administrator gave.</param>
/// <param name="Numbers">Those that a client is attached to.</param>
/// <param name="Roles">Which members of a team count.</param>
internal sealed record SolderReader(bool HasAll, Guid AccountId, string[] Slugs, long[] Numbers, string[] Roles)
{
    /// <summary>Whether the pack <c>p</c> is open to the reader.</summary>
    public const string IsOpenSql = """
        ($1 OR p.owner_id = $2 OR p.slug = ANY ($3) OR p.number = ANY ($4)
            OR EXISTS (SELECT FROM pack_members m WHERE m.pack_id = p.id AND m.account_id = $2 AND m.role = ANY ($5)))
        """;

    /// <summary>Whether nothing at all is open besides.</summary>
    public bool IsAnybody => !HasAll && AccountId == Guid.Empty && Numbers.Length == 0;

    /// <summary>Who reads: an account, a key, a client, or all of them together.</summary>
    public static SolderReader Reading(Caller caller) => new(
        caller.Solder.HasKey || caller.MayInSolder(SolderFlags.Full), caller.AccountId, [.. caller.Solder.Modpacks], [.. caller.Solder.ClientModpacks], ["publisher", "maintainer"]);

    /// <summary>Who changes: an account alone.</summary>
    public static SolderReader Changing(Caller caller) => new(caller.MayInSolder(SolderFlags.Full), caller.AccountId, [.. caller.Solder.Modpacks], [], ["maintainer"]);

    /// <summary>The parameters of a statement: its five, and others behind them.</summary>
    public object?[] Parameters(params object?[] others) => [HasAll, AccountId, Slugs, Numbers, Roles, .. others];
}
