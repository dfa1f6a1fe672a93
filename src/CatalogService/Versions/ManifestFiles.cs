using System.Text.Json;
using PackRelay.Manifests.Model;

namespace PackRelay.CatalogService.Versions;

/// <summary>
/// Reads the list of files of a manifest that the hub has taken already. Unlike the full reader it does not ask whether the manifest is good: limits and
/// games of the hub may have changed since it was published, and what is published stays good.
/// </summary>
internal static class ManifestFiles
{
    /// <summary>The files in the order of the document.</summary>
    public static List<ManifestFile> Read(byte[] manifest)
    {
        using var document = JsonDocument.Parse(manifest);
        var files = document.RootElement.GetProperty("files"u8);
        var read = new List<ManifestFile>(files.GetArrayLength());
        foreach (var file in files.EnumerateArray())
        {
            var isExecutable = file.TryGetProperty("executable"u8, out var executable) && executable.ValueKind == JsonValueKind.True;
            var sizeBytes = (long)file.GetProperty("size"u8).GetDecimal(); // 5.0 and 5e0 are good sizes
            read.Add(new ManifestFile(file.GetProperty("path"u8).GetString()!, file.GetProperty("sha256"u8).GetString()!, sizeBytes)
            {
                Executable = isExecutable,
                Side = Side(file),
                Optional = file.TryGetProperty("optional"u8, out var optional) && optional.ValueKind == JsonValueKind.True,
                Group = file.TryGetProperty("group"u8, out var group) && group.GetString() is { Length: > 0 } name ? name : null,
            });
        }

        return read;
    }

    private static ManifestSide Side(JsonElement file)
    {
        if (!file.TryGetProperty("side"u8, out var side)) return ManifestSide.Both;
        return side.ValueEquals("client"u8) ? ManifestSide.Client : side.ValueEquals("server"u8) ? ManifestSide.Server : ManifestSide.Both;
    }
}
