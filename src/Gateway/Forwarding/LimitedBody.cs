using Microsoft.AspNetCore.Http.Features;

namespace PackRelay.Gateway.Forwarding;

/// <summary>A request body that ends in 413 when it passes the limit.</summary>
/// <param name="inner">The body as it arrives.</param>
/// <param name="limit">In bytes.</param>
/// <param name="server">The server's own limit, lifted at the first read: it would close the connection over the client's head.</param>
internal sealed class LimitedBody(Stream inner, long limit, IHttpMaxRequestBodySizeFeature server) : Stream
{
    private long count;

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
        if (!server.IsReadOnly) server.MaxRequestBodySize = null;
        var read = await inner.ReadAsync(buffer, cancellationToken);
        count += read;
        return count <= limit ? read : throw new BadHttpRequestException("The body is over the route's limit.", StatusCodes.Status413PayloadTooLarge);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
