using Npgsql;
using PackRelay.CatalogService.Packs;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Solder.Modpacks;

/// <summary>A pack as the dialect sees it.</summary>
/// <param name="Id">Identifies the pack.</param>
/// <param name="Number">Its number.</param>
/// <param name="Slug">Its slug.</param>
/// <param name="Name">Its display name.</param>
/// <param name="OwnerId">Account that owns it.</param>
/// <param name="Game">Its game.</param>
/// <param name="Visibility">Who sees it.</param>
/// <param name="IsMarkedHidden">Whether it is marked as hidden, which counts as long as it is private; of others their visibility says it.</param>
/// <param name="Url">Its website.</param>
/// <param name="Order">Its place in the order of Solder's web pages.</param>
/// <param name="Recommended">The build that is recommended, as it was set.</param>
/// <param name="Latest">The latest build, as it was set.</param>
/// <param name="Icon">Its icon.</param>
/// <param name="Logo">Its logo.</param>
/// <param name="Background">Its background.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed through the dialect; else when it was made.</param>
/// <param name="IsOpen">Whether it is open to whom it was read for.</param>
/// <param name="Builds">Versions of the published builds that the reader may see, and of signed ones, in the order in which they came.</param>
internal sealed record Modpack(
    Guid Id, long Number, string Slug, string Name, Guid OwnerId, string Game, string Visibility, bool IsMarkedHidden, string? Url, long Order, string? Recommended, string? Latest,
    Picture? Icon, Picture? Logo, Picture? Background, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, bool IsOpen, IReadOnlyList<string> Builds)
{
    /// <summary>What a statement with the parameters of a <see cref="SolderReader"/> selects for <see cref="Read"/>, and from where.</summary>
    public const string Sql = $"""
        SELECT p.id, p.number, p.slug, p.name, p.owner_id, p.game, p.visibility, COALESCE(s.is_hidden, true), s.url, COALESCE(s.sort_order, 0), s.recommended, s.latest,
               encode(i.sha256, 'hex'), i.md5, encode(l.sha256, 'hex'), l.md5, encode(g.sha256, 'hex'), g.md5, p.created_at, COALESCE(s.updated_at, p.created_at), reader.is_open,
               ARRAY(SELECT b.version
                       FROM (SELECT b.id, b.version FROM solder_builds b WHERE b.pack_id = p.id AND b.is_published AND (reader.is_open OR NOT b.is_private)
                              UNION ALL
                             SELECT v.position, v.version FROM pack_versions v WHERE v.pack_id = p.id AND v.withdrawn_at IS NULL) b
                      ORDER BY b.id)
          FROM packs p
          LEFT JOIN solder_packs s ON s.pack_id = p.id
          LEFT JOIN solder_pack_art i ON i.pack_id = p.id AND i.kind = 'icon'
          LEFT JOIN solder_pack_art l ON l.pack_id = p.id AND l.kind = 'logo'
          LEFT JOIN solder_pack_art g ON g.pack_id = p.id AND g.kind = 'background'
         CROSS JOIN LATERAL (SELECT {SolderReader.IsOpenSql} AS is_open) reader
        """;

    public bool IsPrivate => Visibility == PackVisibility.Private;

    public bool IsHidden => IsPrivate ? IsMarkedHidden : Visibility == PackVisibility.Unlisted;

    /// <summary>Whether the reader finds it by its slug: hidden ones are only left out of lists.</summary>
    public bool IsReadable => !IsPrivate || IsOpen;

    public static Modpack Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetGuid(4), row.GetString(5), row.GetString(6), row.GetBoolean(7), row.GetNullable<string>(8),
        row.GetInt64(9), row.GetNullable<string>(10), row.GetNullable<string>(11), Picture.Read(row, 12), Picture.Read(row, 14), Picture.Read(row, 16),
        row.GetFieldValue<DateTimeOffset>(18), row.GetFieldValue<DateTimeOffset>(19), row.GetBoolean(20), row.GetFieldValue<string[]>(21));

    /// <summary>The visibility that Solder's two marks make.</summary>
    public static string VisibilityOf(bool isHidden, bool isPrivate) => isPrivate ? PackVisibility.Private : isHidden ? PackVisibility.Unlisted : PackVisibility.Public;
}

/// <summary>A picture of a pack.</summary>
/// <param name="Sha256">Of its bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Md5">Of its bytes, 32 lower-case hexadecimal digits.</param>
internal sealed record Picture(string Sha256, string Md5)
{
    public static Picture? Read(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : new(row.GetString(column), row.GetString(column + 1));
}
