namespace PackRelay.CatalogService.Files.Blobs;

/// <summary>
/// Where content lies, each piece under its SHA-256. Two kinds: <see cref="BlobFolder"/> and <see cref="S3Blobs"/>. What stands under a hash is whole
/// and has that hash; it is written first, checked, and only then becomes visible.
/// </summary>
internal interface IBlobStore
{
    /// <summary>Takes content to its end and makes it durable, without showing it yet: the caller commits it, or disposes of it.</summary>
    /// <param name="content">The content; not read further once it is too long.</param>
    /// <param name="sha256">The hash that it must have, 64 lower-case hex digits; null to have it computed.</param>
    /// <param name="limitBytes">Most bytes.</param>
    /// <param name="stop">Gives up.</param>
    Task<StagedBlob> StageAsync(Stream content, string? sha256, long limitBytes, CancellationToken stop);

    /// <summary>Size of a blob in bytes; null when there is none of this hash.</summary>
    Task<long?> FindAsync(string sha256, CancellationToken stop);

    /// <summary>A blob's content, seekable; null when there is none of this hash.</summary>
    Task<Stream?> OpenAsync(string sha256, CancellationToken stop);

    /// <summary>An address at which clients get the blob from the store itself, for some time; null when the hub has to send it.</summary>
    /// <param name="sha256">The blob.</param>
    /// <param name="fileName">Name under which browsers save it; null for none.</param>
    Uri? Link(string sha256, string? fileName = null);

    /// <summary>Removes a blob; nothing happens when there is none.</summary>
    Task DeleteAsync(string sha256, CancellationToken stop);

    /// <summary>Takes one part of an upload that is not finished, and makes it durable.</summary>
    Task<StagedPart> WritePartAsync(Guid uploadId, string name, Stream content, long limitBytes, CancellationToken stop);

    /// <summary>The content of a part; null when it is not there.</summary>
    Task<Stream?> OpenPartAsync(Guid uploadId, string name, CancellationToken stop);

    /// <summary>Removes one part of an upload; nothing happens when it is not there.</summary>
    Task DeletePartAsync(Guid uploadId, string name, CancellationToken stop);

    /// <summary>Removes an upload with all its parts; nothing happens when there are none.</summary>
    /// <param name="uploadId">The upload.</param>
    /// <param name="names">The parts that are known of. A folder forgets others too, a bucket leaves them to its lifecycle rule.</param>
    /// <param name="stop">Gives up.</param>
    Task DeletePartsAsync(Guid uploadId, IEnumerable<string> names, CancellationToken stop);
}

/// <summary>How taking content ended.</summary>
internal enum BlobOutcome
{
    /// <summary>It is safely stored.</summary>
    Stored,

    /// <summary>The content has another hash; nothing was kept.</summary>
    HashMismatch,

    /// <summary>The content is longer than allowed; nothing was kept.</summary>
    TooLarge,

    /// <summary>There is no room for it; nothing was kept.</summary>
    OutOfSpace,
}

/// <summary>A part of an upload.</summary>
/// <param name="Outcome">How taking it ended.</param>
/// <param name="Sha256">Hash of its bytes, 64 lower-case hex digits; empty unless it was stored.</param>
/// <param name="SizeBytes">Their number.</param>
internal sealed record StagedPart(BlobOutcome Outcome, string Sha256, long SizeBytes);

/// <summary>Content that is in the store and not yet visible there. Unless it was committed, disposing of it removes it.</summary>
internal abstract class StagedBlob(BlobOutcome outcome, string sha256, long sizeBytes) : IAsyncDisposable
{
    /// <summary>How taking it ended; anything but <see cref="BlobOutcome.Stored"/> leaves nothing to commit.</summary>
    public BlobOutcome Outcome => outcome;

    /// <summary>Hash of the content, 64 lower-case hex digits.</summary>
    public string Sha256 => sha256;

    /// <summary>Its size in bytes.</summary>
    public long SizeBytes => sizeBytes;

    /// <summary>The content from its start, to look at before it is committed; null where the store cannot show it yet. It belongs to this object.</summary>
    public virtual Stream? Look() => null;

    /// <summary>Makes the content visible under its hash, durably. Doing so beside others who bring the same is harmless.</summary>
    public abstract Task CommitAsync(CancellationToken stop);

    public abstract ValueTask DisposeAsync();

    /// <summary>What was refused.</summary>
    public static StagedBlob Refused(BlobOutcome outcome) => new Nothing(outcome);

    private sealed class Nothing(BlobOutcome outcome) : StagedBlob(outcome, "", 0)
    {
        public override Task CommitAsync(CancellationToken stop) => throw new InvalidOperationException("There is nothing to commit.");

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>What both stores do in the same way.</summary>
internal static class BlobStoreExtensions
{
    /// <summary>Stages and commits in one go, for content of the hub itself: it gets no row in <c>files</c>, nobody pays for it and nothing collects it.</summary>
    public static async Task<(BlobOutcome Outcome, string Sha256, long SizeBytes)> WriteAsync(
        this IBlobStore blobs, Stream content, string? sha256, long limitBytes, CancellationToken stop)
    {
        await using var staged = await blobs.StageAsync(content, sha256, limitBytes, stop);
        if (staged.Outcome == BlobOutcome.Stored) await staged.CommitAsync(CancellationToken.None);
        return (staged.Outcome, staged.Sha256, staged.SizeBytes);
    }
}
