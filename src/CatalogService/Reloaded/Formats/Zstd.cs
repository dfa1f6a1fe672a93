using System.Buffers;
using System.Collections.Concurrent;

namespace PackRelay.CatalogService.Reloaded.Formats;

/// <summary>How expanding a body ended.</summary>
internal enum Expansion
{
    /// <summary>All of it is there.</summary>
    Whole,

    /// <summary>It would be longer than allowed; nothing was kept.</summary>
    TooLarge,

    /// <summary>It is not what it says it is, or breaks off.</summary>
    Broken,
}

/// <summary>
/// Zstandard by libzstd's streaming API: what comes out is taken piece by piece, so that no header makes the hub reserve memory. Contexts are used again, as many as were
/// needed at once and no big ones.
/// </summary>
internal sealed class Zstd : IDisposable
{
    /// <summary>Level of answers: the fastest. Lists of metadata came out no larger than with level 3, libzstd's default.</summary>
    public const int AnswerLevel = 1;

    /// <summary>Level of files that are written once and read often.</summary>
    public const int FileLevel = 12;

    // 8 MiB, what RFC 8878 recommends decoders to take; level 19 writes no larger window.
    private const int MaxWindowLog = 23;

    private const int PieceBytes = 64 * 1024;

    private const int MaxKeptContextBytes = 4 * 1024 * 1024;

    private readonly ConcurrentBag<Libzstd.CompressionContext> compressors = [];

    private readonly ConcurrentBag<Libzstd.DecompressionContext> decompressors = [];

    public Zstd() => NativeLibraries.EnsureReady();

    /// <summary>One frame that says how long its content is. The same bytes and level give the same frame.</summary>
    public byte[] Compress(ReadOnlySpan<byte> content, int level)
    {
        var frame = new ArrayBufferWriter<byte>(Math.Max(64, content.Length / 3));
        Compress(content, level, frame);
        return frame.WrittenSpan.ToArray();
    }

    /// <inheritdoc cref="Compress(ReadOnlySpan{byte}, int)"/>
    public void Compress(ReadOnlySpan<byte> content, int level, IBufferWriter<byte> frame)
    {
        if (!compressors.TryTake(out var context)) context = Libzstd.CreateCompression();
        try
        {
            Check(Libzstd.Reset(context, Libzstd.ResetSession));
            Check(Libzstd.SetParameter(context, Libzstd.CompressionLevel, level));
            Check(Libzstd.SetSourceSize(context, (ulong)content.Length));
            Compress(context, content, frame);
        }
        finally
        {
            GiveBack(context, Libzstd.SizeOf(context), compressors);
        }
    }

    /// <summary>The content of all frames in a row, at most <paramref name="limitBytes"/> of it.</summary>
    public Expansion TryExpand(ReadOnlySpan<byte> frames, int limitBytes, out byte[] content)
    {
        if (!decompressors.TryTake(out var context)) context = Libzstd.CreateDecompression();
        try
        {
            Check(Libzstd.Reset(context, Libzstd.ResetSession));
            Check(Libzstd.SetParameter(context, Libzstd.WindowLogMax, MaxWindowLog));
            return TryExpand(context, frames, limitBytes, out content);
        }
        finally
        {
            GiveBack(context, Libzstd.SizeOf(context), decompressors);
        }
    }

    public void Dispose()
    {
        while (compressors.TryTake(out var context)) context.Dispose();
        while (decompressors.TryTake(out var context)) context.Dispose();
    }

    private static unsafe void Compress(Libzstd.CompressionContext context, ReadOnlySpan<byte> content, IBufferWriter<byte> frame)
    {
        fixed (byte* source = content)
        {
            var input = new Libzstd.Buffer { Start = source, Size = (nuint)content.Length };
            nuint left;
            do
            {
                var piece = frame.GetSpan(PieceBytes);
                fixed (byte* target = piece)
                {
                    var output = new Libzstd.Buffer { Start = target, Size = (nuint)piece.Length };
                    left = Libzstd.Compress(context, &output, &input, Libzstd.End);
                    Check(left);
                    frame.Advance((int)output.Position);
                }
            }
            while (left > 0);
        }
    }

    private static unsafe Expansion TryExpand(Libzstd.DecompressionContext context, ReadOnlySpan<byte> frames, int limitBytes, out byte[] content)
    {
        content = [];
        if (frames.IsEmpty) return Expansion.Broken;
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var expanded = new ArrayBufferWriter<byte>();
            fixed (byte* source = frames)
            fixed (byte* target = piece)
            {
                var input = new Libzstd.Buffer { Start = source, Size = (nuint)frames.Length };
                while (true)
                {
                    var output = new Libzstd.Buffer { Start = target, Size = (nuint)piece.Length };
                    var wanted = Libzstd.Decompress(context, &output, &input);
                    if (Libzstd.IsError(wanted)) return Expansion.Broken;
                    if (expanded.WrittenCount + (long)output.Position > limitBytes) return Expansion.TooLarge;
                    expanded.Write(piece.AsSpan(0, (int)output.Position));
                    var isAllRead = input.Position == input.Size;
                    if (wanted == 0 && isAllRead) break; // a frame has ended, and nothing follows
                    if (isAllRead && output.Position < output.Size) return Expansion.Broken; // it has nothing more to give, and the frame has not ended
                }
            }

            content = expanded.WrittenSpan.ToArray();
            return Expansion.Whole;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static void Check(nuint code)
    {
        if (Libzstd.IsError(code)) throw new InvalidOperationException("libzstd refused a call that it must not refuse.");
    }

    private static void GiveBack<T>(T context, nuint sizeBytes, ConcurrentBag<T> kept)
        where T : IDisposable
    {
        if (sizeBytes <= MaxKeptContextBytes && kept.Count < Environment.ProcessorCount * 2) kept.Add(context);
        else context.Dispose();
    }
}
