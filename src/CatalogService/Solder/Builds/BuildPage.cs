using System.Text.Json.Serialization;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>A build as launchers install it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Minecraft">The version of Minecraft; of a signed version the manifest's <c>gameVersion</c>.</param>
/// <param name="Java">The oldest version of Java.</param>
/// <param name="Memory">Least memory in MiB.</param>
/// <param name="Forge">The version of Forge.</param>
/// <param name="Mods">Zips to expand over the instance, by name in natural order, whatever the case.</param>
public sealed record BuildPage(long Id, string Minecraft, string? Java, long? Memory, string? Forge, IReadOnlyList<BuildMod> Mods);

/// <summary>A mod of a build.</summary>
/// <param name="Id">The number of the mod's version.</param>
/// <param name="Name">The mod's name.</param>
/// <param name="Version">The mod's version.</param>
/// <param name="Md5">MD5 of the zip; empty when it is not known.</param>
/// <param name="Filesize">Size of the zip in bytes; null when it is not known.</param>
/// <param name="Url">Where the zip is.</param>
public sealed record BuildMod(long Id, string Name, string Version, string Md5, long? Filesize, string Url)
{
    /// <summary>The mod's name for people; with <c>include=mods</c>, as the next three.</summary>
    [JsonPropertyName("pretty_name")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ShownText? PrettyName { get; init; }

    /// <summary>Who made the mod.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ShownText? Author { get; init; }

    /// <summary>What the mod does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ShownText? Description { get; init; }

    /// <summary>The mod's website.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ShownText? Link { get; init; }

    /// <summary>With what is known of the mod.</summary>
    internal BuildMod Of(string prettyName, string? author, string? description, string? link) =>
        this with { PrettyName = new ShownText(prettyName), Author = new ShownText(author), Description = new ShownText(description), Link = new ShownText(link) };
}
