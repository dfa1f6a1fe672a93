using Npgsql;

namespace PackRelay.CatalogService.Teams;

/// <summary>An offer of a pack, as giver and receiver see it.</summary>
/// <param name="Slug">The pack's slug.</param>
/// <param name="Name">Its display name.</param>
/// <param name="From">Username of the owner.</param>
/// <param name="To">Username of the receiver.</param>
/// <param name="OfferedAt">When it was made, UTC.</param>
/// <param name="ExpiresAt">When it lapses, UTC.</param>
public sealed record TransferOffer(string Slug, string Name, string From, string To, DateTimeOffset OfferedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>What a statement over <see cref="Source"/> selects for <see cref="Read"/>, first.</summary>
    internal const string Columns = "p.slug, p.name, giver.username, receiver.username, t.offered_at, t.expires_at";

    internal const string Source = """
        FROM pack_transfers t JOIN packs p ON p.id = t.pack_id
        JOIN accounts giver ON giver.id = p.owner_id JOIN accounts receiver ON receiver.id = t.receiver_id
        """;

    internal static TransferOffer Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5));
}
