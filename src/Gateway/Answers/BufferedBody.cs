namespace PackRelay.Gateway.Answers;

/// <summary>
/// Stands in the place of the answer's body while a service is asked: holds the bytes of an answer that is worth holding, and passes everything else on
/// as it comes. Which it is shows with the first byte, when the service's status and headers are there.
/// </summary>
/// <param name="inner">The real body.</param>
/// <param name="mayHold">Asked once, before the first byte.</param>
/// <param name="limit">Most bytes to hold; an answer that turns out longer is passed on.</param>
/// <param name="onPassed">Told when the answer is passed on.</param>
internal sealed class BufferedBody(Stream inner, Func<bool> mayHold, int limit, Action onPassed) : Stream
{
    private MemoryStream? held;
    private bool isPassedOn;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The whole body; null when it was passed on, or when there was none.</summary>
    public byte[]? Bytes => held?.ToArray();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (held is null && !isPassedOn)
        {
            if (mayHold()) held = new MemoryStream();
            else PassOn();
        }

        if (held is not null && held.Length + buffer.Length <= limit)
        {
            held.Write(buffer.Span);
            return;
        }

        if (held is not null)
        {
            var bytes = held.GetBuffer().AsMemory(0, (int)held.Length);
            held = null;
            PassOn();
            await inner.WriteAsync(bytes, cancellationToken);
        }

        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => isPassedOn ? inner.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void PassOn()
    {
        isPassedOn = true;
        onPassed();
    }
}
