using System.Security.Cryptography;
using Npgsql;
using PackRelay.CatalogService.Files.Storage;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Solder;

/// <summary>Takes uploads of the dialect: zips of mods and pictures of modpacks. They become files like any other, of whoever sends them.</summary>
internal sealed class UploadedFiles(StoredFiles files)
{
    /// <summary>Judges the first bytes of an upload.</summary>
    public delegate bool Kind(ReadOnlySpan<byte> head);

    /// <summary>Takes the body of a request; null once it is there, else why it is not.</summary>
    /// <param name="request">Has the body.</param>
    /// <param name="caller">Pays, unless the hub has the file.</param>
    /// <param name="limitBytes">Most bytes.</param>
    /// <param name="kind">What it must be.</param>
    /// <param name="rule">What is said when it is not.</param>
    /// <param name="keep">Refers to it, in the transaction that makes it true.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<ApiError?> AddAsync(
        HttpRequest request, Caller caller, long limitBytes, Kind kind, string rule, Func<NpgsqlConnection, UploadedFile, Task> keep, CancellationToken stop)
    {
        if (request.ContentLength > limitBytes) return ApiError.TooLarge(limitBytes);
        if (request.ContentLength is { } sizeBytes && await files.CheckRoomAsync(caller, sizeBytes, sha256: null, stop) is { } full) return full;
        await using var body = new HashedBody(request.Body);
        var origin = new FileOrigin(
            _ => Task.FromResult<long?>(0),
            (connection, staged) => keep(connection, new UploadedFile(staged.Sha256, body.Md5, staged.SizeBytes)),
            problem => !kind(body.Head) ? ApiError.Unprocessable("invalid_file", rule) : problem is null ? null : ApiError.Unprocessable("scan_rejected", $"The file was refused: {problem}."));
        return (await files.AddAsync(body, sha256: null, limitBytes, caller, origin, stop)).Error;
    }

    /// <summary>A body that is hashed while it is read.</summary>
    private sealed class HashedBody(Stream body) : Stream
    {
#pragma warning disable CA5351 // launchers of this dialect check downloads by MD5; nothing is kept safe by it
        private readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351

        private readonly byte[] head = new byte[8];

        private int headBytes;

        public ReadOnlySpan<byte> Head => head.AsSpan(0, headBytes);

        public string Md5 => Convert.ToHexStringLower(md5.GetCurrentHash());

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
            var count = await body.ReadAsync(buffer, cancellationToken);
            md5.AppendData(buffer.Span[..count]);
            var some = Math.Min(count, head.Length - headBytes);
            buffer.Span[..some].CopyTo(head.AsSpan(headBytes));
            headBytes += some;
            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) md5.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>What was uploaded.</summary>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Md5">32 lower-case hexadecimal digits.</param>
/// <param name="SizeBytes">Its size in bytes.</param>
internal sealed record UploadedFile(string Sha256, string Md5, long SizeBytes);
