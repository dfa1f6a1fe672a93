using System.Buffers;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>
/// Writes a zip to a stream that cannot seek, in memory of a fixed size: small files are read into it, larger ones twice, first for their checksum.
/// </summary>
internal sealed class ZipWriter(Stream output)
{
    private const int BufferSizeBytes = 256 * 1024;

    private readonly ArrayBufferWriter<byte> directory = new(); // some 100 bytes a file

    private long offset;

    private long count;

    /// <summary>Adds a file.</summary>
    /// <param name="entry">The file.</param>
    /// <param name="content">Its content, seekable.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="InvalidDataException">The content has another size.</exception>
    public async Task AddAsync(ZipEntry entry, Stream content, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSizeBytes);
        try
        {
            if (entry.SizeBytes <= buffer.Length) await AddSmallAsync(entry, content, buffer, stop);
            else await AddLargeAsync(entry, content, buffer, stop);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Ends the zip.</summary>
    public async Task FinishAsync(CancellationToken stop)
    {
        var (directoryOffset, directorySizeBytes) = (offset, directory.WrittenCount);
        await WriteAsync(directory.WrittenMemory, stop);
        await WriteAsync(ZipRecords.End(count, directoryOffset, directorySizeBytes), stop);
    }

    private async Task AddSmallAsync(ZipEntry entry, Stream content, byte[] buffer, CancellationToken stop)
    {
        var read = await content.ReadAtLeastAsync(buffer.AsMemory(0, (int)entry.SizeBytes), (int)entry.SizeBytes, throwOnEndOfStream: false, stop);
        if (read != entry.SizeBytes || content.Length != entry.SizeBytes) throw WrongSize(entry);
        await StartAsync(entry, Crc32.Append(0, buffer.AsSpan(0, read)), stop);
        await WriteAsync(buffer.AsMemory(0, read), stop);
    }

    private async Task AddLargeAsync(ZipEntry entry, Stream content, byte[] buffer, CancellationToken stop)
    {
        if (content.Length != entry.SizeBytes) throw WrongSize(entry);
        uint crc32 = 0;
        while (await content.ReadAsync(buffer, stop) is var read and > 0) crc32 = Crc32.Append(crc32, buffer.AsSpan(0, read));
        await StartAsync(entry, crc32, stop);
        content.Position = 0;
        var before = offset;
        while (await content.ReadAsync(buffer, stop) is var read and > 0) await WriteAsync(buffer.AsMemory(0, read), stop);
        if (offset - before != entry.SizeBytes) throw WrongSize(entry);
    }

    private async Task StartAsync(ZipEntry entry, uint crc32, CancellationToken stop)
    {
        directory.Write(ZipRecords.CentralHeader(entry, crc32, offset));
        count++;
        await WriteAsync(ZipRecords.LocalHeader(entry, crc32), stop);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        await output.WriteAsync(bytes, stop);
        offset += bytes.Length;
    }

    private static InvalidDataException WrongSize(ZipEntry entry) => new($"The content of '{entry.Path}' does not have {entry.SizeBytes} bytes.");
}
