using System.Text.Json.Serialization;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Modpacks;

/// <summary>A modpack as changes answer with it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Slug">Its slug.</param>
/// <param name="Recommended">The build that is recommended, as it was set.</param>
/// <param name="Latest">The latest build, as it was set.</param>
/// <param name="Url">Its website.</param>
/// <param name="Icon">Whether it has an icon.</param>
/// <param name="IconMd5">MD5 of the icon.</param>
/// <param name="IconUrl">Where the icon is.</param>
/// <param name="Logo">Whether it has a logo.</param>
/// <param name="LogoMd5">MD5 of the logo.</param>
/// <param name="LogoUrl">Where the logo is.</param>
/// <param name="Background">Whether it has a background.</param>
/// <param name="BackgroundMd5">MD5 of the background.</param>
/// <param name="BackgroundUrl">Where the background is.</param>
/// <param name="Order">Its place in the order of Solder's web pages.</param>
/// <param name="Hidden">Whether lists leave it out.</param>
/// <param name="Private">Whether only those with access see it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
public record ModpackRecord(
    long Id,
    string Name,
    string Slug,
    string? Recommended,
    string? Latest,
    string? Url,
    bool Icon,
    [property: JsonPropertyName("icon_md5")] string? IconMd5,
    [property: JsonPropertyName("icon_url")] string? IconUrl,
    bool Logo,
    [property: JsonPropertyName("logo_md5")] string? LogoMd5,
    [property: JsonPropertyName("logo_url")] string? LogoUrl,
    bool Background,
    [property: JsonPropertyName("background_md5")] string? BackgroundMd5,
    [property: JsonPropertyName("background_url")] string? BackgroundUrl,
    long Order,
    bool Hidden,
    bool Private,
    [property: JsonPropertyName("created_at")] string CreatedAt,
    [property: JsonPropertyName("updated_at")] string UpdatedAt)
{
    internal static ModpackRecord Of(Modpack modpack, SolderLinks links) => new(
        modpack.Number, modpack.Name, modpack.Slug, modpack.Recommended, modpack.Latest, modpack.Url,
        modpack.Icon is not null, modpack.Icon?.Md5, links.Picture(modpack.Icon?.Sha256), modpack.Logo is not null, modpack.Logo?.Md5, links.Picture(modpack.Logo?.Sha256),
        modpack.Background is not null, modpack.Background?.Md5, links.Picture(modpack.Background?.Sha256), modpack.Order, modpack.IsHidden, modpack.IsPrivate,
        SolderTime.Write(modpack.CreatedAt), SolderTime.Write(modpack.UpdatedAt));
}
