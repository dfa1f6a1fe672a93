namespace PackRelay.CatalogService.Files.Scanning;

/// <summary>What one file may cost to look through, with all that is nested in it.</summary>
internal sealed class ScanBudget(ScanOptions options, long fileBytes, long mostBytes, TimeProvider clock)
{
    private readonly long started = clock.GetTimestamp();

    private long expandedBytes;

    private int entries;

    /// <summary>True when the most that may be expanded for now was reached, which says nothing of the file.</summary>
    public bool RanOut { get; private set; }

    /// <summary>What an archive says of itself.</summary>
    public string? Declare(long declaredBytes, int declaredEntries)
    {
        entries += declaredEntries;
        if (entries > options.MaxArchiveEntries) return $"the archive has over {options.MaxArchiveEntries} entries";
        return Check(expandedBytes + declaredBytes);
    }

    /// <summary>What came out of it.</summary>
    public string? Spend(int bytes)
    {
        expandedBytes += bytes;
        if (clock.GetElapsedTime(started) > options.MaxTime) return $"the archive could not be looked through within {options.MaxTime.TotalSeconds:0} s";
        return Check(expandedBytes);
    }

    private string? Check(long bytes)
    {
        if (bytes > options.MaxExpandedBytes) return $"the archive expands to over {options.MaxExpandedBytes} bytes";
        if (bytes > options.RatioFloorBytes && bytes / Math.Max(1, fileBytes) >= options.MaxArchiveRatio)
            return $"the archive expands to over {options.MaxArchiveRatio} times its size";
        RanOut |= bytes > mostBytes;
        return RanOut ? "unfinished" : null;
    }
}
