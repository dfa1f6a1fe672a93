using Amazon.S3;
using Amazon.S3.Model;

namespace PackRelay.CatalogService.Files.Blobs;

/// <summary>An object's content. A read that follows the one before goes on in the same answer; one elsewhere asks for another range.</summary>
internal sealed class S3ReadStream(IAmazonS3 client, string bucket, string key, long sizeBytes) : SeekableReadStream(sizeBytes)
{
    private GetObjectResponse? answer;

    private long answerAt;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= Length || buffer.Length == 0) return 0;
        if (answer is null || answerAt != Position)
        {
            answer?.Dispose();
            answer = null;
            var request = new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new ByteRange(Position, Length - 1) };
            answer = await client.GetObjectAsync(request, cancellationToken);
            answerAt = Position;
        }

        var count = await answer.ResponseStream.ReadAsync(buffer, cancellationToken);
        Position += count;
        answerAt = Position;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) answer?.Dispose();
        base.Dispose(disposing);
    }
}
