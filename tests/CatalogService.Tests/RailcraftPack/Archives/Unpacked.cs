using System.IO.Compression;
using System.Text;

namespace PackRelay.CatalogService.Tests.RailcraftPack.Archives;

/// <summary>What a client has on its disk: archives are unpacked into it, and patches applied as the documents say.</summary>
internal sealed class Unpacked
{
    private const string Deletions = "_packrelay-deleted.txt";

    public Dictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    public static Unpacked Of(byte[] zip)
    {
        var unpacked = new Unpacked();
        unpacked.Add(zip);
        return unpacked;
    }

    /// <summary>Names and texts of a zip.</summary>
    public static Dictionary<string, string> Read(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read);
        return archive.Entries.ToDictionary(
            entry => entry.FullName,
            entry =>
            {
                using var text = new StreamReader(entry.Open(), Encoding.UTF8);
                return text.ReadToEnd();
            },
            StringComparer.Ordinal);
    }

    public Unpacked Add(byte[] zip)
    {
        var content = Read(zip);
        if (content.Remove(Deletions, out var list))
            foreach (var path in list.Split('\n', StringSplitOptions.RemoveEmptyEntries)) Files.Remove(path);
        foreach (var (path, text) in content) Files[path] = text;
        return this;
    }

    public void AssertIs(params IEnumerable<PackFile> files) =>
        Assert.Equal(files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => (file.Path, file.Text)), Files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => (file.Key, file.Value)));
}
