using Npgsql;

namespace PackRelay.CatalogService.Teams;

/// <summary>A member of a pack's team.</summary>
/// <param name="Username">The account's sign-in name, also the first half of its key ids.</param>
/// <param name="DisplayName">Its name for people.</param>
/// <param name="Role"><c>maintainer</c> or <c>publisher</c>.</param>
/// <param name="AddedAt">Since when, UTC.</param>
public sealed record Member(string Username, string DisplayName, string Role, DateTimeOffset AddedAt)
{
    /// <summary>What a statement over <c>pack_members m</c> and <c>accounts a</c> selects for <see cref="Read"/>.</summary>
    internal const string Columns = "a.username, a.display_name, m.role, m.added_at";

    internal static Member Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3));
}
