using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PackRelay.Archives;

/// <summary>A pack on disk: its files by their names, the same files as blobs, and the manifests of an old version and of a new one in which every file has changed.</summary>
internal sealed class PackFolder(string root)
{
    public string Names => Path.Combine(root, "names");

    public string Blobs => Path.Combine(root, "blobs");

    public string Old => Path.Combine(root, "old.json");

    public string New => Path.Combine(root, "new.json");

    /// <summary>Writes so many files of random bytes, from half to one and a half times the size.</summary>
    public async Task FillAsync(int files, int sizeBytes, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.Combine(Names, "mods"));
        var random = new Random(files);
        var content = new byte[2 * sizeBytes];
        var (old, now) = (new List<object>(), new List<object>());
        for (var i = 0; i < files; i++)
        {
            var file = content.AsMemory(0, (sizeBytes / 2) + random.Next(sizeBytes));
            random.NextBytes(file.Span);
            var path = $"mods/mod-{i:00000}.jar";
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(file.Span));
            var blob = Path.Combine(Blobs, sha256[..2], sha256[2..4], sha256);
            Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
            await File.WriteAllBytesAsync(blob, file, stop);
            await File.WriteAllBytesAsync(Path.Combine(Names, path), file, stop);
            now.Add(new { path, sha256, size = file.Length });
            old.Add(new { path, sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(path))), size = 1 });
        }

        await File.WriteAllTextAsync(Old, JsonSerializer.Serialize(new { files = old }), stop);
        await File.WriteAllTextAsync(New, JsonSerializer.Serialize(new { files = now }), stop);
    }
}
