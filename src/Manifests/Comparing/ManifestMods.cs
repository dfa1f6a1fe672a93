using System.Text.Json;

namespace PackRelay.Manifests.Comparing;

/// <summary>A mod of a pack, as a game server would name it.</summary>
/// <param name="Name">The first folder or file below <c>Mods/</c>.</param>
/// <param name="Version">The version that its source names; null when none does, or several differ.</param>
/// <param name="Sha256">Hash of the file when the mod is a single file there, 64 lower-case hexadecimal digits; null for a folder.</param>
/// <param name="IsRequired">Whether a game server is to have it: some of it is neither optional nor for players only.</param>
public sealed record ManifestMod(string Name, string? Version, string? Sha256, bool IsRequired);

/// <summary>
/// Lists the mods of a manifest that the hub has taken already; it is not judged again. Files that do not lie below <c>Mods/</c> (in whatever case)
/// belong to no mod.
/// </summary>
public static class ManifestMods
{
    private const string Folder = "mods/";

    /// <summary>The mods by name, whose case does not matter, in the order of the document.</summary>
    public static IReadOnlyList<ManifestMod> Read(ReadOnlyMemory<byte> manifest)
    {
        using var document = JsonDocument.Parse(manifest);
        var versions = SourceVersions(document.RootElement);
        var mods = new OrderedDictionary<string, ManifestMod>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in document.RootElement.GetProperty("files"u8).EnumerateArray())
        {
            var path = file.GetProperty("path"u8).GetString()!;
            if (!path.StartsWith(Folder, StringComparison.OrdinalIgnoreCase)) continue;
            var end = path.IndexOf('/', Folder.Length);
            var name = end < 0 ? path[Folder.Length..] : path[Folder.Length..end];
            var version = file.TryGetProperty("sourceRef"u8, out var source) ? versions.GetValueOrDefault(source.GetString()!) : null;
            var sha256 = end < 0 ? file.GetProperty("sha256"u8).GetString() : null;
            mods[name] = mods.TryGetValue(name, out var mod)
                ? mod with { Version = mod.Version is null || version is null || mod.Version == version ? mod.Version ?? version : "", IsRequired = mod.IsRequired || IsRequired(file) }
                : new ManifestMod(name, version, sha256, IsRequired(file));
        }

        return [.. mods.Values.Select(mod => mod.Version is "" ? mod with { Version = null } : mod)];
    }

    private static Dictionary<string, string?> SourceVersions(JsonElement manifest)
    {
        var versions = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (!manifest.TryGetProperty("sources"u8, out var sources) || sources.ValueKind != JsonValueKind.Array) return versions;
        foreach (var source in sources.EnumerateArray())
            if (source.TryGetProperty("version"u8, out var version) && version.ValueKind == JsonValueKind.String && version.GetString() is { Length: > 0 } text)
                versions[source.GetProperty("id"u8).GetString()!] = text;
        return versions;
    }

    private static bool IsRequired(JsonElement file) =>
        !(file.TryGetProperty("optional"u8, out var optional) && optional.ValueKind == JsonValueKind.True)
        && !(file.TryGetProperty("side"u8, out var side) && side.ValueEquals("client"u8));
}
