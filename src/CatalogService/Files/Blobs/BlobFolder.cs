using Microsoft.Extensions.Options;
using PackRelay.Manifests.Rules;

namespace PackRelay.CatalogService.Files.Blobs;

/// <summary>
/// Blobs in a folder, each under its hash: <c>ab/cd/abcd…</c>. A blob is written beside its place, hashed on the way, forced to disk and only then
/// renamed into it, so whatever stands under a hash is whole, also after a power cut. Many may write the same blob at once.
/// </summary>
internal sealed class BlobFolder : IBlobStore
{
    private readonly string root;

    private readonly string incoming;

    private readonly string uploads;

    public BlobFolder(IOptions<BlobOptions> options, IHostEnvironment environment)
    {
        root = Path.GetFullPath(options.Value.Directory, environment.ContentRootPath);
        incoming = Path.Combine(root, "incoming"); // the same file system as the blobs: a rename across two would be a copy
        uploads = Path.Combine(root, "uploads");
        Directory.CreateDirectory(incoming);
        Directory.CreateDirectory(uploads);
    }

    public async Task<StagedBlob> StageAsync(Stream content, string? sha256, long limitBytes, CancellationToken stop)
    {
        var temporary = Path.Combine(incoming, Guid.NewGuid().ToString("N"));
        var staged = new StagedFile(this, temporary);
        var (outcome, hash, sizeBytes) = await staged.FillAsync(content, limitBytes, stop);
        if (outcome == BlobOutcome.Stored && sha256 is not null && hash != sha256) outcome = BlobOutcome.HashMismatch;
        if (outcome == BlobOutcome.Stored) return new StagedInFolder(this, staged, hash, sizeBytes);
        await staged.DisposeAsync();
        return StagedBlob.Refused(outcome);
    }

    public Task<long?> FindAsync(string sha256, CancellationToken stop)
    {
        var file = Sha256Hex.IsValid(sha256) ? new FileInfo(PathOf(sha256)) : null;
        return Task.FromResult(file is { Exists: true } ? file.Length : (long?)null);
    }

    public Task<Stream?> OpenAsync(string sha256, CancellationToken stop) => Task.FromResult<Stream?>(Sha256Hex.IsValid(sha256) ? Open(PathOf(sha256)) : null);

    public Uri? Link(string sha256, string? fileName = null) => null;

    public Task DeleteAsync(string sha256, CancellationToken stop)
    {
        if (Sha256Hex.IsValid(sha256)) Delete(PathOf(sha256));
        return Task.CompletedTask;
    }

    public async Task<StagedPart> WritePartAsync(Guid uploadId, string name, Stream content, long limitBytes, CancellationToken stop)
    {
        await using var staged = new StagedFile(this, Path.Combine(incoming, Guid.NewGuid().ToString("N")));
        var (outcome, hash, sizeBytes) = await staged.FillAsync(content, limitBytes, stop);
        if (outcome == BlobOutcome.Stored) await staged.MoveAsync(PartPath(uploadId, name));
        return new StagedPart(outcome, hash, sizeBytes);
    }

    public Task<Stream?> OpenPartAsync(Guid uploadId, string name, CancellationToken stop) => Task.FromResult<Stream?>(Open(PartPath(uploadId, name)));

    public Task DeletePartAsync(Guid uploadId, string name, CancellationToken stop)
    {
        Delete(PartPath(uploadId, name));
        return Task.CompletedTask;
    }

    public Task DeletePartsAsync(Guid uploadId, IEnumerable<string> names, CancellationToken stop)
    {
        try
        {
            Directory.Delete(UploadPath(uploadId), recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another replica was faster, or no part ever came.
        }

        return Task.CompletedTask;
    }

    /// <summary>Removes what writers that died left behind. Gives the number of files.</summary>
    public int Sweep()
    {
        var removed = 0;
        foreach (var path in Directory.EnumerateFiles(incoming))
        {
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                File.Delete(path);
                removed++;
            }
            catch (IOException)
            {
                // Locked: another replica is writing it. Or gone: it has just finished.
            }
        }

        return removed;
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 64 * 1024, FileOptions.Asynchronous);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing of these first digits is left: neither is the file.
        }
    }

    private string PathOf(string sha256) => Path.Combine(root, sha256[..2], sha256[2..4], sha256);

    private string UploadPath(Guid uploadId) => Path.Combine(uploads, uploadId.ToString("N"));

    private string PartPath(Guid uploadId, string name) => Path.Combine(UploadPath(uploadId), name);

    /// <summary>A file beside its place, which nobody else touches.</summary>
    private sealed class StagedFile(BlobFolder folder, string temporary) : IAsyncDisposable
    {
        // FileShare.None is a lock of the operating system: it tells a sweep that somebody is still at it.
        private readonly FileStream file = new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);

        private bool isMoved;

        public FileStream Content
        {
            get
            {
                file.Position = 0;
                return file;
            }
        }

        public async Task<(BlobOutcome Outcome, string Sha256, long SizeBytes)> FillAsync(Stream content, long limitBytes, CancellationToken stop)
        {
            try
            {
                var (hash, sizeBytes) = await HashingCopy.RunAsync(content, file, limitBytes, stop);
                if (hash is null) return (BlobOutcome.TooLarge, "", 0);
                await Task.Run(() => file.Flush(flushToDisk: true), CancellationToken.None);
                return (BlobOutcome.Stored, hash, sizeBytes);
            }
            catch (IOException error) when (DiskSpace.IsExhausted(error))
            {
                return (BlobOutcome.OutOfSpace, "", 0);
            }
            catch
            {
                await DisposeAsync();
                throw;
            }
        }

        /// <summary>Content first, then its name, then the folders that hold the name: at no moment is there a name without its content.</summary>
        public Task MoveAsync(string path) => Task.Run(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true); // the same bytes, should it be there
            isMoved = true;
            for (var parent = Path.GetDirectoryName(path)!; parent.Length >= folder.root.Length; parent = Path.GetDirectoryName(parent)!)
                DirectorySync.Flush(parent);
        });

        public async ValueTask DisposeAsync()
        {
            await file.DisposeAsync();
            if (!isMoved) File.Delete(temporary);
        }
    }

    private sealed class StagedInFolder(BlobFolder folder, StagedFile staged, string sha256, long sizeBytes) : StagedBlob(BlobOutcome.Stored, sha256, sizeBytes)
    {
        public override Stream Look() => staged.Content;

        public override Task CommitAsync(CancellationToken stop) => staged.MoveAsync(folder.PathOf(Sha256));

        public override ValueTask DisposeAsync() => staged.DisposeAsync();
    }
}
