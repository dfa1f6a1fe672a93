namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>How much all the answers may hold that this process is making at one moment: anybody may ask for large ones, and take long to read them.</summary>
internal sealed class AnswerMemory
{
    /// <summary>Bytes of what is stored; eight answers of the largest kind, or some hundred of the usual one.</summary>
    public const long CapacityBytes = 64 * 1024 * 1024;

    private long taken;

    /// <summary>Bytes that answers hold now.</summary>
    public long TakenBytes => Volatile.Read(ref taken);

    /// <summary>Room for an answer, until it is disposed; null when there is none.</summary>
    public IDisposable? TryTake(long bytes)
    {
        if (Interlocked.Add(ref taken, bytes) <= CapacityBytes) return new Room(this, bytes);
        Interlocked.Add(ref taken, -bytes);
        return null;
    }

    private sealed class Room(AnswerMemory memory, long bytes) : IDisposable
    {
        private int isGivenBack;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isGivenBack, 1) == 0) Interlocked.Add(ref memory.taken, -bytes);
        }
    }
}
