using System.Text.Json.Serialization;

namespace PackRelay.CatalogService.Solder.Modpacks;

/// <summary>A modpack as launchers read it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its slug.</param>
/// <param name="DisplayName">Its name for people.</param>
/// <param name="Url">Its website.</param>
/// <param name="Icon">Where its icon is.</param>
/// <param name="IconMd5">MD5 of the icon.</param>
/// <param name="Logo">Where its logo is.</param>
/// <param name="LogoMd5">MD5 of the logo.</param>
/// <param name="Background">Where its background is.</param>
/// <param name="BackgroundMd5">MD5 of the background.</param>
/// <param name="Recommended">The build that is recommended; else the latest.</param>
/// <param name="Latest">The latest build; else the newest that the reader may see. Null without any.</param>
/// <param name="Builds">Versions of the published builds that the reader may see, in the order in which they came.</param>
public sealed record ModpackPage(
    long Id,
    string Name,
    [property: JsonPropertyName("display_name")] string DisplayName,
    string? Url,
    string? Icon,
    [property: JsonPropertyName("icon_md5")] string? IconMd5,
    string? Logo,
    [property: JsonPropertyName("logo_md5")] string? LogoMd5,
    string? Background,
    [property: JsonPropertyName("background_md5")] string? BackgroundMd5,
    string? Recommended,
    string? Latest,
    IReadOnlyList<string> Builds)
{
    internal static ModpackPage Of(Modpack modpack, SolderLinks links)
    {
        // Launchers take null for a broken modpack.
        var latest = modpack.Latest ?? (modpack.Builds.Count > 0 ? modpack.Builds[^1] : null);
        return new ModpackPage(
            modpack.Number, modpack.Slug, modpack.Name, modpack.Url, links.Picture(modpack.Icon?.Sha256), modpack.Icon?.Md5, links.Picture(modpack.Logo?.Sha256), modpack.Logo?.Md5,
            links.Picture(modpack.Background?.Sha256), modpack.Background?.Md5, modpack.Recommended ?? latest, latest, modpack.Builds);
    }
}
