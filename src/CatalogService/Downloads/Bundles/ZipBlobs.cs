using System.IO.Pipelines;
using System.Security.Cryptography;
using PackRelay.CatalogService.Files.Blobs;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>One file of a zip and where its content is.</summary>
/// <param name="Entry">The file.</param>
/// <param name="Sha256">The blob; not looked at when there are bytes.</param>
/// <param name="Bytes">The content itself, for what is in no blob.</param>
internal sealed record ZipPart(ZipEntry Entry, string Sha256, byte[]? Bytes = null);

/// <summary>Makes zips out of blobs and puts them into the blob store while they are made: memory does not grow with them.</summary>
internal static class ZipBlobs
{
    // Enough for writer and store to work side by side, little enough for many zips at a time.
    private static readonly PipeOptions Buffering = new(pauseWriterThreshold: 1024 * 1024, resumeWriterThreshold: 512 * 1024, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false);

    /// <summary>Gives hash and size of the zip, which is in the store then.</summary>
    /// <param name="blobs">The store.</param>
    /// <param name="parts">The zip's files, in its order.</param>
    /// <param name="hash">Hashes the zip as well; null for none.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<(string Sha256, long SizeBytes)> WriteZipAsync(this IBlobStore blobs, IEnumerable<ZipPart> parts, IncrementalHash? hash, CancellationToken stop)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var pipe = new Pipe(Buffering);
        var writing = WriteAsync(blobs, parts, pipe.Writer, hash, giveUp.Token);
        try
        {
            var content = pipe.Reader.AsStream();
            await using (content)
            {
                var (outcome, sha256, sizeBytes) = await blobs.WriteAsync(content, sha256: null, limitBytes: long.MaxValue, giveUp.Token);
                if (outcome != BlobOutcome.Stored) throw new IOException($"The blob store did not take the zip: {outcome}.");
                await writing;
                return (sha256, sizeBytes);
            }
        }
        finally
        {
            await giveUp.CancelAsync(); // the writer would wait for ever for somebody to read
            await writing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default); // its failure has reached the reader
        }
    }

    private static async Task WriteAsync(IBlobStore blobs, IEnumerable<ZipPart> parts, PipeWriter target, IncrementalHash? hash, CancellationToken stop)
    {
        try
        {
            await using var output = target.AsStream(leaveOpen: true);
            var zip = new ZipWriter(hash is null ? output : new HashingStream(output, hash));
            foreach (var part in parts)
            {
                await using var content = part.Bytes is { } bytes ? new MemoryStream(bytes) : await OpenAsync(blobs, part.Sha256, stop);
                await zip.AddAsync(part.Entry, content, stop);
            }

            await zip.FinishAsync(stop);
            await target.CompleteAsync();
        }
        catch (Exception error)
        {
            await target.CompleteAsync(error);
            throw;
        }
    }

    private static async Task<Stream> OpenAsync(IBlobStore blobs, string sha256, CancellationToken stop) =>
        await blobs.OpenAsync(sha256, stop) ?? throw new FileNotFoundException($"The blob {sha256} is not there.");

    /// <summary>Passes on what is written, and hashes it.</summary>
    private sealed class HashingStream(Stream target, IncrementalHash hash) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            hash.AppendData(buffer.Span);
            await target.WriteAsync(buffer, cancellationToken);
        }

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
