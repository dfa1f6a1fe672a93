using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using PackRelay.Manifests.Rules;

namespace PackRelay.CatalogService.Files.Blobs;

/// <summary>
/// Blobs in a bucket of an S3-compatible store: <c>blobs/ab/cd/abcd…</c>. Content is never longer in memory than one part. Small content is sent when it
/// is committed; larger content goes up as a multipart upload, which is completed when it is committed, so nothing is ever seen under a hash that it does not have.
/// </summary>
internal sealed partial class S3Blobs : IBlobStore, IDisposable
{
    /// <summary>Least size of a part but the last is 5 MiB in S3, and most parts are 10,000: 80 GB.</summary>
    private const int PartSizeBytes = 8 * 1024 * 1024;

    private const string ContentType = "application/octet-stream";

    private readonly S3Options options;

    private readonly AmazonS3Client client;

    private readonly ILogger<S3Blobs> logger;

    private readonly TimeProvider clock;

    public S3Blobs(IOptions<BlobOptions> options, TimeProvider clock, ILogger<S3Blobs> logger)
    {
        this.options = options.Value.S3 ?? throw new InvalidOperationException("Catalog:Blobs:S3 is not set.");
        (this.clock, this.logger) = (clock, logger);
        client = new AmazonS3Client(new BasicAWSCredentials(this.options.AccessKey, this.options.SecretKey), new AmazonS3Config
        {
            ServiceURL = this.options.ServiceUrl.ToString(),
            AuthenticationRegion = this.options.Region,
            ForcePathStyle = this.options.ForcePathStyle,
            UseHttp = IsPlain,
            // Checksums of newer dialects are unknown to many compatible stores, and our own SHA-256 covers the content.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
    }

    private bool IsPlain => options.ServiceUrl.Scheme == Uri.UriSchemeHttp;

    public void Dispose() => client.Dispose();

    public async Task<StagedBlob> StageAsync(Stream content, string? sha256, long limitBytes, CancellationToken stop)
    {
        // Where the content goes is only known with its hash: without one it waits on this machine.
        if (sha256 is null) return await StageUnknownAsync(content, limitBytes, stop);
        var upload = new Upload(this, Key(sha256));
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long sizeBytes = 0;
            while (await upload.ReadAsync(content, stop) is var count and > 0)
            {
                sizeBytes += count;
                if (sizeBytes > limitBytes) return await RefuseAsync(upload, BlobOutcome.TooLarge);
                hash.AppendData(upload.Buffer.Span);
                if (count == PartSizeBytes) await upload.SendPartAsync(stop);
            }

            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != sha256) return await RefuseAsync(upload, BlobOutcome.HashMismatch);
            return new StagedInBucket(upload, sha256, sizeBytes);
        }
        catch
        {
            await upload.DisposeAsync();
            throw;
        }
    }

    public async Task<long?> FindAsync(string sha256, CancellationToken stop)
    {
        if (!Sha256Hex.IsValid(sha256)) return null;
        var found = await OrNoneAsync(() => client.GetObjectMetadataAsync(options.Bucket, Key(sha256), stop));
        return found?.ContentLength;
    }

    public async Task<Stream?> OpenAsync(string sha256, CancellationToken stop) =>
        await FindAsync(sha256, stop) is { } sizeBytes ? new S3ReadStream(client, options.Bucket, Key(sha256), sizeBytes) : null;

    public Uri? Link(string sha256, string? fileName = null) => new(client.GetPreSignedURL(new GetPreSignedUrlRequest
    {
        BucketName = options.Bucket,
        Key = Key(sha256),
        Verb = HttpVerb.GET,
        Protocol = IsPlain ? Protocol.HTTP : Protocol.HTTPS,
        Expires = clock.GetUtcNow().UtcDateTime + options.PresignedFor,
        ResponseHeaderOverrides =
        {
            ContentType = ContentType,
            ContentDisposition = fileName is null ? null : $"attachment; filename=\"{fileName}\"",
        },
    }));

    public Task DeleteAsync(string sha256, CancellationToken stop) =>
        Sha256Hex.IsValid(sha256) ? OrNoneAsync(() => client.DeleteObjectAsync(options.Bucket, Key(sha256), stop)) : Task.CompletedTask;

    public async Task<StagedPart> WritePartAsync(Guid uploadId, string name, Stream content, long limitBytes, CancellationToken stop)
    {
        await using var upload = new Upload(this, PartKey(uploadId, name));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long sizeBytes = 0;
        while (await upload.ReadAsync(content, stop) is var count and > 0)
        {
            sizeBytes += count;
            if (sizeBytes > limitBytes) return new StagedPart(BlobOutcome.TooLarge, "", 0);
            hash.AppendData(upload.Buffer.Span);
            if (count == PartSizeBytes) await upload.SendPartAsync(stop);
        }

        await upload.CommitAsync(stop);
        return new StagedPart(BlobOutcome.Stored, Convert.ToHexStringLower(hash.GetHashAndReset()), sizeBytes);
    }

    public async Task<Stream?> OpenPartAsync(Guid uploadId, string name, CancellationToken stop)
    {
        var found = await OrNoneAsync(() => client.GetObjectAsync(options.Bucket, PartKey(uploadId, name), stop));
        return found?.ResponseStream;
    }

    public Task DeletePartAsync(Guid uploadId, string name, CancellationToken stop) =>
        OrNoneAsync(() => client.DeleteObjectAsync(options.Bucket, PartKey(uploadId, name), stop));

    public async Task DeletePartsAsync(Guid uploadId, IEnumerable<string> names, CancellationToken stop)
    {
        foreach (var name in names) await DeletePartAsync(uploadId, name, stop);
    }

    private static string Key(string sha256) => $"blobs/{sha256[..2]}/{sha256[2..4]}/{sha256}";

    private static string PartKey(Guid uploadId, string name) => $"uploads/{uploadId:N}/{name}";

    private static async Task<StagedBlob> RefuseAsync(Upload upload, BlobOutcome outcome)
    {
        await upload.DisposeAsync();
        return StagedBlob.Refused(outcome);
    }

    private static async Task<T?> OrNoneAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
    }

    private async Task<StagedBlob> StageUnknownAsync(Stream content, long limitBytes, CancellationToken stop)
    {
        await using var spool = TemporaryFile.Create();
        try
        {
            var (sha256, _) = await HashingCopy.RunAsync(content, spool, limitBytes, stop);
            if (sha256 is null) return StagedBlob.Refused(BlobOutcome.TooLarge);
            spool.Position = 0;
            return await StageAsync(spool, sha256, limitBytes, stop);
        }
        catch (IOException error) when (DiskSpace.IsExhausted(error))
        {
            return StagedBlob.Refused(BlobOutcome.OutOfSpace);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store did not take back the unfinished upload of {Key}; it stays until the bucket's lifecycle rule removes it")]
    private partial void AbortFailed(string key, Exception error);

    private sealed class StagedInBucket(Upload upload, string sha256, long sizeBytes) : StagedBlob(BlobOutcome.Stored, sha256, sizeBytes)
    {
        public override Stream? Look() => upload.Look();

        public override Task CommitAsync(CancellationToken stop) => upload.CommitAsync(stop);

        public override ValueTask DisposeAsync() => upload.DisposeAsync();
    }

    /// <summary>One object on its way into the bucket, part by part.</summary>
    private sealed class Upload(S3Blobs store, string key) : IAsyncDisposable
    {
        private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(PartSizeBytes);

        private readonly List<PartETag> parts = [];

        private string? uploadId;

        private int filled;

        private bool isDone;

        private bool isDisposed;

        /// <summary>What was read last and not sent yet.</summary>
        public Memory<byte> Buffer => buffer.AsMemory(0, filled);

        /// <summary>All of it, while it fits into one part.</summary>
        public MemoryStream? Look() => uploadId is null ? new MemoryStream(buffer, 0, filled, writable: false) : null;

        /// <summary>Reads up to one part. Zero at the end, which leaves the last, shorter part where it is.</summary>
        public async Task<int> ReadAsync(Stream content, CancellationToken stop)
        {
            if (filled is > 0 and < PartSizeBytes) return 0; // the part before was the last
            var count = await content.ReadAtLeastAsync(buffer.AsMemory(0, PartSizeBytes), PartSizeBytes, throwOnEndOfStream: false, stop);
            filled = count;
            return count;
        }

        public async Task SendPartAsync(CancellationToken stop)
        {
            uploadId ??= (await store.client.InitiateMultipartUploadAsync(
                new InitiateMultipartUploadRequest { BucketName = store.options.Bucket, Key = key, ContentType = ContentType }, stop)).UploadId;
            using var body = new MemoryStream(buffer, 0, filled, writable: false);
            var sent = await store.client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = store.options.Bucket, Key = key, UploadId = uploadId, PartNumber = parts.Count + 1, InputStream = body, PartSize = filled,
                    UseChunkEncoding = false, DisablePayloadSigning = !store.IsPlain,
                },
                stop);
            parts.Add(new PartETag(parts.Count + 1, sent.ETag));
            filled = 0;
        }

        public async Task CommitAsync(CancellationToken stop)
        {
            if (uploadId is null)
            {
                using var body = new MemoryStream(buffer, 0, filled, writable: false);
                await store.client.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = store.options.Bucket, Key = key, InputStream = body, AutoCloseStream = false, ContentType = ContentType,
                        UseChunkEncoding = false, DisablePayloadSigning = !store.IsPlain,
                    },
                    stop);
            }
            else
            {
                if (filled > 0) await SendPartAsync(stop);
                await store.client.CompleteMultipartUploadAsync(
                    new CompleteMultipartUploadRequest { BucketName = store.options.Bucket, Key = key, UploadId = uploadId, PartETags = parts }, stop);
            }

            isDone = true;
        }

        public async ValueTask DisposeAsync()
        {
            if (isDisposed) return; // a buffer that is given back twice would be rented to two at once
            isDisposed = true;
            ArrayPool<byte>.Shared.Return(buffer);
            if (isDone || uploadId is null) return;
            try
            {
                await store.client.AbortMultipartUploadAsync(store.options.Bucket, key, uploadId, CancellationToken.None);
            }
            catch (Exception error) when (error is AmazonServiceException or HttpRequestException)
            {
                store.AbortFailed(key, error);
            }
        }
    }
}
