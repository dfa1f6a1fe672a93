using System.Security.Cryptography;
using System.Text.Json;
using PackRelay.CatalogService.Versions;
using PackRelay.Manifests.Model;

namespace PackRelay.CatalogService.RailcraftPack.Tags;

/// <summary>The files of a version that players install: all but those for servers only.</summary>
internal static class ClientFiles
{
    private const string ModFolder = "mods/";

    private const string ResourceFolder = "resourcepacks/";

    /// <summary>In the order of the manifest.</summary>
    public static List<ManifestFile> Read(byte[] manifest) => ManifestFiles.Read(manifest).FindAll(file => file.Side != ManifestSide.Server);

    /// <summary>Name under which a player chooses an optional file: its group, else its mod, else its path.</summary>
    public static string ChoiceOf(ManifestFile file) => file.Group ?? ModOf(file) ?? file.Path;

    /// <summary>The first folder or file below <c>mods/</c> (in whatever case); null for other files.</summary>
    public static string? ModOf(ManifestFile file)
    {
        if (!file.Path.StartsWith(ModFolder, StringComparison.OrdinalIgnoreCase)) return null;
        var end = file.Path.IndexOf('/', ModFolder.Length);
        return end < 0 ? file.Path[ModFolder.Length..] : file.Path[ModFolder.Length..end];
    }

    public static bool IsResource(ManifestFile file) => file.Path.StartsWith(ResourceFolder, StringComparison.OrdinalIgnoreCase);

    /// <summary>Equal for versions that players need not tell apart: the same files, of which the same are optional.</summary>
    public static byte[] HashOf(IEnumerable<ManifestFile> files) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => new[] { file.Path, file.Sha256, file.Executable ? "x" : "", file.Optional ? ChoiceOf(file) : "" })));
}
