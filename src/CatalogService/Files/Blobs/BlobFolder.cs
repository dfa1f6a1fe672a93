using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using PackRelay.Manifests.Rules;

namespace PackRelay.CatalogService.Files.Blobs;

/// <summary>How taking a blob ended.</summary>
internal enum BlobOutcome
{
    /// <summary>It is safely on disk under its hash.</summary>
    Stored,

    /// <summary>The content has another hash; nothing was kept.</summary>
    HashMismatch,

    /// <summary>The content is longer than allowed; nothing was kept.</summary>
    TooLarge,

    /// <summary>There is no room for it; nothing was kept.</summary>
    OutOfSpace,
}

/// <summary>
/// Blobs in a folder, each under its hash: <c>ab/cd/abcd…</c>. A blob is written beside its place, hashed on the way, forced to disk and only then
/// renamed into it, so whatever stands under a hash is whole, also after a power cut. Many may write the same blob at once.
/// </summary>
internal sealed class BlobFolder
{
    private const int BufferSizeBytes = 128 * 1024;

    private readonly string root;

    private readonly string incoming;

    public BlobFolder(IOptions<BlobOptions> options, IHostEnvironment environment)
    {
        root = Path.GetFullPath(options.Value.Directory, environment.ContentRootPath);
        incoming = Path.Combine(root, "incoming"); // the same file system as the blobs: a rename across two would be a copy
        Directory.CreateDirectory(incoming);
    }

    /// <summary>Path of a blob; null when there is none of this hash.</summary>
    public string? Find(string sha256)
    {
        if (!Sha256Hex.IsValid(sha256)) return null;
        var path = PathOf(sha256);
        return File.Exists(path) ? path : null;
    }

    /// <summary>Takes a blob from a stream.</summary>
    /// <param name="content">The content; read to its end unless it is too long.</param>
    /// <param name="sha256">The hash it must have, 64 lower-case hex digits.</param>
    /// <param name="limitBytes">Most bytes.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>How it ended, and the number of bytes when it was stored.</returns>
    public async Task<(BlobOutcome Outcome, long SizeBytes)> WriteAsync(Stream content, string sha256, long limitBytes, CancellationToken stop)
    {
        var temporary = Path.Combine(incoming, Guid.NewGuid().ToString("N"));
        try
        {
            // FileShare.None is a lock of the operating system: it tells a sweep that somebody is still at it.
            await using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            var (hash, sizeBytes) = await CopyAsync(content, file, limitBytes, stop);
            if (hash is null) return (BlobOutcome.TooLarge, 0);
            if (hash != sha256) return (BlobOutcome.HashMismatch, 0);
            await Task.Run(() => Commit(file, temporary, sha256), CancellationToken.None);
            return (BlobOutcome.Stored, sizeBytes);
        }
        catch (IOException error) when (DiskSpace.IsExhausted(error))
        {
            return (BlobOutcome.OutOfSpace, 0);
        }
        finally
        {
            File.Delete(temporary); // nothing after a rename
        }
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

    /// <summary>Content first, then its name, then the folders that hold the name: at no moment is there a name without its content.</summary>
    private void Commit(FileStream file, string temporary, string sha256)
    {
        file.Flush(flushToDisk: true);
        var path = PathOf(sha256);
        var second = Path.GetDirectoryName(path)!;
        var first = Path.GetDirectoryName(second)!;
        Directory.CreateDirectory(second);
        File.Move(temporary, path, overwrite: true); // the same bytes, should it be there
        DirectorySync.Flush(second);
        DirectorySync.Flush(first);
        DirectorySync.Flush(root);
    }

    /// <summary>A hash of null means that the limit was passed.</summary>
    private static async Task<(string? Hash, long SizeBytes)> CopyAsync(Stream content, FileStream file, long limitBytes, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSizeBytes);
        try
        {
            long sizeBytes = 0;
            while (await content.ReadAsync(buffer.AsMemory(0, BufferSizeBytes), stop) is var count and > 0)
            {
                sizeBytes += count;
                if (sizeBytes > limitBytes) return (null, sizeBytes);
                hash.AppendData(buffer, 0, count);
                await file.WriteAsync(buffer.AsMemory(0, count), stop);
            }

            return (Convert.ToHexStringLower(hash.GetHashAndReset()), sizeBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string PathOf(string sha256) => Path.Combine(root, sha256[..2], sha256[2..4], sha256);
}
