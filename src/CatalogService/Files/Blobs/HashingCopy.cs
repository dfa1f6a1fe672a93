using System.Buffers;
using System.Security.Cryptography;

namespace PackRelay.CatalogService.Files.Blobs;

/// <summary>Copies a stream into another and hashes it on the way.</summary>
internal static class HashingCopy
{
    private const int BufferSizeBytes = 128 * 1024;

    /// <summary>The SHA-256 in lower-case hex digits and the number of bytes; a hash of null means that the limit was passed.</summary>
    public static async Task<(string? Sha256, long SizeBytes)> RunAsync(Stream content, Stream target, long limitBytes, CancellationToken stop)
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
                await target.WriteAsync(buffer.AsMemory(0, count), stop);
            }

            return (Convert.ToHexStringLower(hash.GetHashAndReset()), sizeBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
