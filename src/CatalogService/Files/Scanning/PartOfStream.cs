using PackRelay.CatalogService.Files.Blobs;

namespace PackRelay.CatalogService.Files.Scanning;

/// <summary>A part of a seekable stream, itself seekable; the stream underneath stays open.</summary>
internal sealed class PartOfStream(Stream whole, long start, long length) : SeekableReadStream(length)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, Length - Position);
        if (wanted <= 0) return 0;
        if (whole.Position != start + Position) whole.Position = start + Position;
        var count = await whole.ReadAsync(buffer[..wanted], cancellationToken);
        Position += count;
        return count;
    }
}
