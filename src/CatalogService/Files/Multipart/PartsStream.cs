using PackRelay.CatalogService.Files.Blobs;

namespace PackRelay.CatalogService.Files.Multipart;

/// <summary>The parts of an upload as one stream, opened one after the other.</summary>
internal sealed class PartsStream(IBlobStore blobs, Guid uploadId, IReadOnlyList<UploadPart> parts) : Stream
{
    private Stream? current;

    private int next;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (current is null)
            {
                if (next == parts.Count) return 0;
                current = await blobs.OpenPartAsync(uploadId, parts[next++].Name, cancellationToken) ?? throw new PartGoneException();
            }

            if (await current.ReadAsync(buffer, cancellationToken) is var count and > 0) return count;
            await current.DisposeAsync();
            current = null;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) current?.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A part was removed while it was being read: somebody else completed or aborted the upload, or sent the part again.</summary>
internal sealed class PartGoneException : Exception;
