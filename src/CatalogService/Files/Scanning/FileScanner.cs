using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Files.Blobs;

namespace PackRelay.CatalogService.Files.Scanning;

/// <summary>What a scan found.</summary>
/// <param name="IsDecided">False when it was given up because it would take too long for now.</param>
/// <param name="Problem">What is wrong with the file; null when nothing.</param>
internal readonly record struct ScanResult(bool IsDecided, string? Problem);

/// <summary>
/// Looks at one file, whatever it is called: a program for Windows, or an archive that would fill a disk. Zip (and so jar) and gzip are expanded, without being
/// kept, to see what they really hold; archives inside are looked through too. 7z, rar, xz and others are taken as bytes. What only looks like an archive passes.
/// </summary>
internal sealed class FileScanner(IOptions<ScanOptions> options, TimeProvider clock)
{
    private const int BufferBytes = 64 * 1024;

    private const int InlineExpandedBytes = 128 * 1024 * 1024;

    /// <summary>Scans a file.</summary>
    /// <param name="content">The file, seekable; it is left open.</param>
    /// <param name="inline">Whether somebody is waiting: then what would take long is left undecided.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<ScanResult> ScanAsync(Stream content, bool inline, CancellationToken stop)
    {
        var head = new byte[4096];
        content.Position = 0;
        var headBytes = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, stop);
        if (options.Value.RefusePrograms && IsProgram(head.AsSpan(0, headBytes))) return new ScanResult(true, "the file is a program for Windows");
        var isGzip = IsGzip(head.AsSpan(0, headBytes));
        var zip = isGzip ? null : await ZipDirectory.ReadAsync(content, options.Value.MaxArchiveEntries, stop);
        if (!isGzip && zip is null) return new ScanResult(true, null);
        if (inline && content.Length > options.Value.InlineBytes) return new ScanResult(false, null);

        var budget = new ScanBudget(options.Value, content.Length, inline ? InlineExpandedBytes : long.MaxValue, clock);
        var problem = isGzip ? await GzipAsync(content, 1, budget, stop) : await ZipAsync(content, zip!, 1, budget, stop);
        return budget.RanOut ? new ScanResult(false, null) : new ScanResult(true, problem);
    }

    private static bool IsGzip(ReadOnlySpan<byte> head) => head is [0x1f, 0x8b, 8, ..];

    private static bool IsZip(ReadOnlySpan<byte> head) => head is [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..];

    /// <summary>A portable executable that is not marked as a library.</summary>
    private static bool IsProgram(ReadOnlySpan<byte> head)
    {
        const int Library = 0x2000;
        if (head is not [(byte)'M', (byte)'Z', ..] || head.Length < 0x40) return false;
        var at = BinaryPrimitives.ReadInt32LittleEndian(head[0x3c..]);
        return at > 0 && at <= head.Length - 24 && head[at..] is [(byte)'P', (byte)'E', 0, 0, ..] && (BinaryPrimitives.ReadUInt16LittleEndian(head[(at + 22)..]) & Library) == 0;
    }

    private async Task<string?> ZipAsync(Stream content, List<ZipEntry> entries, int depth, ScanBudget budget, CancellationToken stop)
    {
        var declaredBytes = entries.Aggregate(0L, (sum, entry) => Math.Min(sum + entry.DeclaredBytes, long.MaxValue / 2));
        if (budget.Declare(declaredBytes, entries.Count) is { } problem) return problem;
        var header = new byte[30];
        foreach (var entry in entries)
        {
            if (entry.IsEncrypted || entry.Method is not (0 or 8)) continue; // cannot be looked into: what it declares was counted
            if (entry.HeaderAt < 0 || entry.HeaderAt > content.Length - header.Length) continue;
            content.Position = entry.HeaderAt;
            await content.ReadExactlyAsync(header, stop);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 0x04034b50) continue; // nobody can expand that
            var dataAt = entry.HeaderAt + header.Length + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
            var packedBytes = Math.Min(entry.PackedBytes, content.Length - dataAt);
            if (packedBytes <= 0) continue;
            var packed = new PartOfStream(content, dataAt, packedBytes);
            problem = entry.Method == 0
                ? await ExpandAsync(packed, entry.DeclaredBytes, depth, budget, stop)
                : await ExpandAsync(new DeflateStream(packed, CompressionMode.Decompress, leaveOpen: true), entry.DeclaredBytes, depth, budget, stop);
            if (problem is not null) return problem;
        }

        return null;
    }

    private Task<string?> GzipAsync(Stream content, int depth, ScanBudget budget, CancellationToken stop)
    {
        content.Position = 0;
        return ExpandAsync(new GZipStream(content, CompressionMode.Decompress, leaveOpen: true), long.MaxValue, depth, budget, stop);
    }

    /// <summary>Reads one entry to its end, and looks through it when it is an archive itself.</summary>
    private async Task<string?> ExpandAsync(Stream entry, long declaredBytes, int depth, ScanBudget budget, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        FileStream? nested = null;
        try
        {
            long sizeBytes = 0;
            while (await entry.ReadAtLeastAsync(buffer.AsMemory(0, BufferBytes), BufferBytes, throwOnEndOfStream: false, stop) is var count and > 0)
            {
                if (sizeBytes == 0 && (IsZip(buffer) || IsGzip(buffer)))
                {
                    if (depth == options.Value.MaxArchiveDepth) return $"archives are nested deeper than {options.Value.MaxArchiveDepth}";
                    nested = TemporaryFile.Create();
                }

                sizeBytes += count;
                if (sizeBytes > declaredBytes) return "an entry of the archive holds more than it declares";
                if (budget.Spend(count) is { } problem) return problem;
                if (nested is not null) await nested.WriteAsync(buffer.AsMemory(0, count), stop);
            }

            return nested is null ? null : await NestedAsync(nested, depth + 1, budget, stop);
        }
        catch (InvalidDataException)
        {
            return null; // damaged: whoever expands it gets no further than this
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (nested is not null) await nested.DisposeAsync();
            if (entry is not PartOfStream) await entry.DisposeAsync();
        }
    }

    private async Task<string?> NestedAsync(FileStream nested, int depth, ScanBudget budget, CancellationToken stop)
    {
        var head = new byte[3];
        nested.Position = 0;
        var headBytes = await nested.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, stop);
        if (IsGzip(head.AsSpan(0, headBytes))) return await GzipAsync(nested, depth, budget, stop);
        var zip = await ZipDirectory.ReadAsync(nested, options.Value.MaxArchiveEntries, stop);
        return zip is null ? null : await ZipAsync(nested, zip, depth, budget, stop);
    }
}
