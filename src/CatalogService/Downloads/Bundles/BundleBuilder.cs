using System.IO.Pipelines;
using System.Security.Cryptography;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.Versions;
using PackRelay.Manifests.Model;
using PackRelay.Manifests.Rules;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>A zip in the blob store.</summary>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Md5">32 lower-case hexadecimal digits.</param>
/// <param name="SizeBytes">Its size in bytes.</param>
internal sealed record BuiltBundle(string Sha256, string Md5, long SizeBytes);

/// <summary>
/// Makes the zip of a version: its files and <c>_packrelay-manifest.json</c>, which is the manifest byte for byte as it was published; sorted by path, ordinally.
/// One manifest always gives the same bytes. The zip is written into the blob store while it is made.
/// </summary>
internal sealed class BundleBuilder(IBlobStore blobs)
{
    public async Task<BuiltBundle> BuildAsync(byte[] manifest, CancellationToken stop)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var pipe = new Pipe();
        var writing = WriteAsync(manifest, pipe.Writer, giveUp.Token);
        try
        {
            var content = pipe.Reader.AsStream();
            await using (content)
            {
                var (outcome, sha256, sizeBytes) = await blobs.WriteAsync(content, sha256: null, limitBytes: long.MaxValue, giveUp.Token);
                if (outcome != BlobOutcome.Stored) throw new IOException($"The blob store did not take the bundle: {outcome}.");
                return new BuiltBundle(sha256, await writing, sizeBytes);
            }
        }
        finally
        {
            await giveUp.CancelAsync(); // the writer would wait for ever for somebody to read
            await writing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default); // its failure has reached the reader
        }
    }

    /// <summary>Gives the MD5 of what was written.</summary>
    private async Task<string> WriteAsync(byte[] manifest, PipeWriter target, CancellationToken stop)
    {
        try
        {
            await using var output = new Md5Stream(target.AsStream(leaveOpen: true));
            var zip = new ZipWriter(output);
            foreach (var file in Entries(manifest))
            {
                await using var content = file.Path == ManifestPaths.Sidecar ? new MemoryStream(manifest) : await OpenAsync(file, stop);
                await zip.AddAsync(new ZipEntry(file.Path, file.SizeBytes, file.Executable), content, stop);
            }

            await zip.FinishAsync(stop);
            await target.CompleteAsync();
            return output.Hash();
        }
        catch (Exception error)
        {
            await target.CompleteAsync(error);
            throw;
        }
    }

    private async Task<Stream> OpenAsync(ManifestFile file, CancellationToken stop) =>
        await blobs.OpenAsync(file.Sha256, stop) ?? throw new FileNotFoundException($"The blob {file.Sha256} is not there.");

    private static IEnumerable<ManifestFile> Entries(byte[] manifest) =>
        ManifestFiles.Read(manifest).Append(new ManifestFile(ManifestPaths.Sidecar, "", manifest.Length)).OrderBy(file => file.Path, StringComparer.Ordinal);

    /// <summary>Passes on what is written, and hashes it.</summary>
    private sealed class Md5Stream(Stream target) : Stream
    {
#pragma warning disable CA5351 // launchers of Solder's dialect check downloads by MD5; nothing is kept safe by it
        private readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public string Hash() => Convert.ToHexStringLower(md5.GetHashAndReset());

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            md5.AppendData(buffer.Span);
            await target.WriteAsync(buffer, cancellationToken);
        }

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            md5.Dispose();
            await target.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
