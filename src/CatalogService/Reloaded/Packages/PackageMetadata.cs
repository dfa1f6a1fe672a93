namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>What a version brings for mod managers to read and show.</summary>
/// <param name="PackageId">The package.</param>
/// <param name="PackageIdHash">XXH3-64 of its id: 16 lower-case hex digits, most significant first.</param>
/// <param name="Version">The version.</param>
/// <param name="PackageToml">Package.toml, to be saved as it is.</param>
/// <param name="ConfigToml">Config.toml; null without one.</param>
/// <param name="LanguageFiles">The files in which <paramref name="ConfigToml"/>'s texts are, in the order published.</param>
public sealed record PackageMetadata(
    string PackageId, string PackageIdHash, string Version, string PackageToml, string? ConfigToml, IReadOnlyList<LanguageFile> LanguageFiles);

/// <summary>A file with texts of one language.</summary>
/// <param name="Path">Relative, with slashes, ending in <c>.toml</c>; at most 1024 characters.</param>
/// <param name="Data">The file, to be saved as it is; at most 262144 characters.</param>
public sealed record LanguageFile(string Path, string Data);
