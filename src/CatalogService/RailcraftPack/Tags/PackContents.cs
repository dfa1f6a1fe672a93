using PackRelay.Manifests.Comparing;
using PackRelay.Manifests.Model;

namespace PackRelay.CatalogService.RailcraftPack.Tags;

/// <summary>What there is to say of a version's files without its manifest; kept as JSON.</summary>
/// <param name="Mods">Mods that every player gets.</param>
/// <param name="Resources">Files of resource packs that every player gets.</param>
/// <param name="Optional">What players may choose, by name.</param>
internal sealed record PackContents(int Mods, int Resources, IReadOnlyList<PackContents.Choice> Optional)
{
    /// <summary>Something a player may choose.</summary>
    /// <param name="Name">By which it is chosen.</param>
    /// <param name="Version">The version that its source names; null when none does, or several differ.</param>
    /// <param name="Mods">The mods that it brings.</param>
    /// <param name="Resources">Files of resource packs that it brings.</param>
    internal sealed record Choice(string Name, string? Version, IReadOnlyList<string> Mods, int Resources);

    public static PackContents Of(byte[] manifest, IReadOnlyList<ManifestFile> files)
    {
        var required = files.Where(file => !file.Optional).Select(ClientFiles.ModOf).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var versions = ManifestMods.Read(manifest).ToDictionary(mod => mod.Name, mod => mod.Version, StringComparer.OrdinalIgnoreCase);
        var choices = files.Where(file => file.Optional).GroupBy(ClientFiles.ChoiceOf, StringComparer.Ordinal).OrderBy(choice => choice.Key, StringComparer.Ordinal).Select(choice =>
        {
            var mods = choice.Select(ClientFiles.ModOf).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            var named = mods.Select(versions.GetValueOrDefault).Distinct(StringComparer.Ordinal).ToList();
            return new Choice(choice.Key, named is [var version] ? version : null, mods.FindAll(mod => !required.Contains(mod)), choice.Count(ClientFiles.IsResource));
        });
        return new PackContents(required.Count, files.Count(file => !file.Optional && ClientFiles.IsResource(file)), [.. choices]);
    }
}
