using System.IO.Compression;
using System.Text;

namespace PackRelay.CatalogService.Tests.Files.Scanning;

/// <summary>Archives and programs, good and bad.</summary>
internal static class Archives
{
    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(content);
        return bytes.ToArray();
    }

    /// <summary>Says in its directory that its only entry is of another size.</summary>
    public static byte[] LyingZip(byte[] content, int saidBytes)
    {
        var zip = Zip(("a", content));
        var directory = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(zip.AsSpan(directory + 24), saidBytes);
        return zip;
    }

    /// <summary>The head of a portable executable.</summary>
    public static byte[] Executable(bool isLibrary)
    {
        var bytes = new byte[1024];
        Encoding.ASCII.GetBytes("MZ").CopyTo(bytes, 0);
        bytes[0x3c] = 0x80;
        Encoding.ASCII.GetBytes("PE\0\0").CopyTo(bytes, 0x80);
        BitConverter.TryWriteBytes(bytes.AsSpan(0x80 + 22), (ushort)(isLibrary ? 0x2102 : 0x0102));
        Guid.NewGuid().TryWriteBytes(bytes.AsSpan(900));
        return bytes;
    }
}
