using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Packs;

/// <summary>A pack as lists and pages show it. Every member is always present.</summary>
/// <param name="Slug">Its identity in URLs; 3 to 50 characters.</param>
/// <param name="Name">Display name; 1 to 200 characters.</param>
/// <param name="Summary">One line; at most 300 characters.</param>
/// <param name="Description">Markdown; at most 20,000 characters.</param>
/// <param name="LatestVersion">Last published version that is not withdrawn; null before the first.</param>
/// <param name="CoverImage">Absolute http or https address of an image.</param>
/// <param name="PublisherName">The owner's display name.</param>
/// <param name="Tags">At most 20, each of 1 to 40 characters.</param>
/// <param name="FileCount">Files of the latest version; 0 without one.</param>
/// <param name="TotalSizeBytes">Size of the latest version's files in bytes; 0 without one.</param>
/// <param name="DownloadCount">Downloads so far.</param>
/// <param name="FavoriteCount">Accounts that marked it as a favourite.</param>
/// <param name="IsFeatured">Whether the hub's admins put it first.</param>
/// <param name="CreatedAt">When it was created, UTC.</param>
/// <param name="Game">The game's id, such as <c>7d2d</c>.</param>
public record CatalogPack(
    string Slug, string Name, string? Summary, string? Description, string? LatestVersion, string? CoverImage, string PublisherName, IReadOnlyList<string> Tags,
    int FileCount, long TotalSizeBytes, long DownloadCount, long FavoriteCount, bool IsFeatured, DateTimeOffset CreatedAt, string Game)
{
    /// <summary>What a statement over <c>packs p</c> selects for <see cref="Read"/>, first.</summary>
    internal const string Columns = """
        p.slug, p.name, p.summary, p.description, p.latest_version, p.cover_image, p.publisher_name, p.tags,
        p.file_count, p.total_size_bytes, p.download_count, p.favorite_count, p.is_featured, p.created_at, p.game
        """;

    /// <summary>How many columns that is.</summary>
    internal const int Width = 15;

    internal static CatalogPack Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetNullable<string>(2), row.GetNullable<string>(3), row.GetNullable<string>(4), row.GetNullable<string>(5),
        row.GetString(6), row.GetFieldValue<string[]>(7), row.GetInt32(8), row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.GetBoolean(12),
        row.GetFieldValue<DateTimeOffset>(13), row.GetString(14));
}
