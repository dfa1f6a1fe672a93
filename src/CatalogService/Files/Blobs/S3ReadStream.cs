using Amazon.S3;
using Amazon.S3.Model;

namespace PackRelay.CatalogService.Files.Blobs;

/// <summary>An object's content. A read that follows the one before goes on in the same answer; one elsewhere asks for another range.</summary>
internal sealed class S3ReadStream(IAmazonS3 client, string bucket, string key, long sizeBytes) : Stream
{
    private GetObjectResponse? answer;

    private long answerAt;

    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => sizeBytes;

    public override long Position
    {
        get => position;
        set => position = value;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (position >= sizeBytes || buffer.Length == 0) return 0;
        if (answer is null || answerAt != position)
        {
            answer?.Dispose();
            answer = null;
            var request = new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new ByteRange(position, sizeBytes - 1) };
            answer = await client.GetObjectAsync(request, cancellationToken);
            answerAt = position;
        }

        var count = await answer.ResponseStream.ReadAsync(buffer, cancellationToken);
        position += count;
        answerAt = position;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => sizeBytes + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) answer?.Dispose();
        base.Dispose(disposing);
    }
}
