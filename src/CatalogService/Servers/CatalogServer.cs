using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Lists;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Servers;

/// <summary>A server as lists and pages show it. Every member is always present.</summary>
/// <param name="Slug">Its identity in URLs; 1 to 64 characters.</param>
/// <param name="Name">Display name; 1 to 200 characters.</param>
/// <param name="Summary">One line; at most 300 characters.</param>
/// <param name="Description">Markdown; at most 20,000 characters.</param>
/// <param name="Region">Region code, such as <c>eu</c>.</param>
/// <param name="ConnectAddress"><c>host</c> or <c>host:port</c>; without a port the game's own.</param>
/// <param name="DiscordUrl">Absolute http or https address.</param>
/// <param name="WebsiteUrl">Absolute http or https address.</param>
/// <param name="Tags">At most 20, each of 1 to 40 characters.</param>
/// <param name="CurrentPlayers">Players of the last heartbeat; 0 while offline.</param>
/// <param name="MaxPlayers">Player slots as the heartbeats say, else as the owner says; 0 when unknown.</param>
/// <param name="LastSeenAt">The last heartbeat, UTC; null before the first.</param>
/// <param name="CreatedAt">When it was registered, UTC.</param>
/// <param name="Online">Whether it is up, as far as heartbeats tell.</param>
/// <param name="UptimePct">Share of time it was online in the last 7 days, 0 to 100, one decimal.</param>
/// <param name="FavoriteCount">Accounts that marked it as a favourite.</param>
/// <param name="AttachedPack">The pack it runs; null when none, or when the caller does not see that pack.</param>
/// <param name="Game">The game's id, such as <c>7d2d</c>.</param>
/// <param name="ShowPlayers">Whether the owner lets everybody see who plays (<c>GET /api/v1/servers/{slug}/players</c>).</param>
public sealed record CatalogServer(
    string Slug, string Name, string? Summary, string? Description, string Region, string? ConnectAddress, string? DiscordUrl, string? WebsiteUrl,
    IReadOnlyList<string> Tags, int CurrentPlayers, int MaxPlayers, DateTimeOffset? LastSeenAt, DateTimeOffset CreatedAt, bool Online, double UptimePct,
    long FavoriteCount, AttachedPackSummary? AttachedPack, string Game, bool ShowPlayers)
{
    /// <summary>What a statement over <see cref="AddSource"/> selects for <see cref="Read"/>, first.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="onlineSince">A server not seen since then is offline whatever the table says.</param>
    internal static void AddColumns(SqlText sql, DateTimeOffset onlineSince) => sql
        .AddConstant("""
            s.slug, s.name, s.summary, s.description, s.region, s.connect_address, s.discord_url, s.website_url, s.tags,
            l.current_players, COALESCE(l.max_players, s.max_players), l.last_seen_at, s.created_at,
            """)
        .Add($"l.online AND l.last_seen_at > {onlineSince}")
        .AddConstant(", l.uptime_pct, s.favorite_count, s.game, s.show_players, p.slug, p.name, p.cover_image, p.latest_version, s.pin, " + PackGate.Columns);

    /// <summary>The tables of <see cref="AddColumns"/>.</summary>
    internal static SqlText AddSource(SqlText sql) =>
        sql.AddConstant("FROM servers s JOIN server_live l ON l.server_id = s.id LEFT JOIN packs p ON p.id = s.pack_id");

    internal static CatalogServer Read(NpgsqlDataReader row, Caller caller)
    {
        var isOnline = !row.IsDBNull(13) && row.GetBoolean(13);
        return new(
            row.GetString(0), row.GetString(1), row.GetNullable<string>(2), row.GetNullable<string>(3), row.GetString(4), row.GetNullable<string>(5),
            row.GetNullable<string>(6), row.GetNullable<string>(7), row.GetFieldValue<string[]>(8), isOnline ? row.GetInt32(9) : 0, row.GetInt32(10),
            row.GetNullableValue<DateTimeOffset>(11), row.GetFieldValue<DateTimeOffset>(12), isOnline, Math.Round(row.GetDouble(14), 1), row.GetInt64(15),
            ReadPack(row, caller), row.GetString(16), row.GetBoolean(17));
    }

    private static AttachedPackSummary? ReadPack(NpgsqlDataReader row, Caller caller)
    {
        if (row.GetNullable<string>(18) is not { } slug || !PackGate.Read(row, 23).Admits(caller, slug)) return null;
        return new AttachedPackSummary(slug, row.GetString(19), row.GetNullable<string>(20), row.GetNullable<string>(21), row.GetNullable<string>(22));
    }
}

/// <summary>The pack that a server runs.</summary>
/// <param name="Slug">The pack's slug.</param>
/// <param name="Name">Its display name.</param>
/// <param name="CoverImage">Absolute http or https address of an image.</param>
/// <param name="LatestVersion">Its latest version; null before the first.</param>
/// <param name="AttachedVersion">The version that the server stays on; null when it follows the latest.</param>
public sealed record AttachedPackSummary(string Slug, string Name, string? CoverImage, string? LatestVersion, string? AttachedVersion);
