using System.Text.Json.Serialization;

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
public record BuildMod(long Id, string Name, string Version, string Md5, long? Filesize, string Url);

/// <summary>A mod of a build with what is known of the mod, for <c>include=mods</c>.</summary>
/// <param name="Id">The number of the mod's version.</param>
/// <param name="Name">The mod's name.</param>
/// <param name="Version">The mod's version.</param>
/// <param name="Md5">MD5 of the zip; empty when it is not known.</param>
/// <param name="Filesize">Size of the zip in bytes; null when it is not known.</param>
/// <param name="Url">Where the zip is.</param>
/// <param name="PrettyName">The mod's name for people.</param>
/// <param name="Author">Who made the mod.</param>
/// <param name="Description">What the mod does.</param>
/// <param name="Link">The mod's website.</param>
public sealed record FullBuildMod(
    long Id, string Name, string Version, string Md5, long? Filesize, string Url, [property: JsonPropertyName("pretty_name")] string PrettyName, string? Author, string? Description, string? Link)
    : BuildMod(Id, Name, Version, Md5, Filesize, Url);
