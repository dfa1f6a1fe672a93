using System.Threading.Channels;

namespace PackRelay.LocalHosting.Running;

/// <summary>What one resource wrote: the last lines in memory, all of them in a file of bounded size, and live to whoever watches.</summary>
internal sealed class ConsoleLog : IDisposable
{
    public const int LinesInMemory = 2000;
    public const long MaximumFileBytes = 16 * 1024 * 1024;
    private readonly Lock gate = new();
    private readonly Queue<LogLine> lines = new();
    private readonly List<Channel<LogLine>> watchers = [];
    private readonly string path;
    private readonly TimeProvider clock;
    private StreamWriter file;
    private long number;

    public ConsoleLog(string path, TimeProvider clock)
    {
        this.path = path;
        this.clock = clock;
        file = Rotate();
    }

    public void Write(string text)
    {
        lock (gate)
        {
            var line = new LogLine(++number, clock.GetUtcNow(), AnsiCodes.Strip(text));
            lines.Enqueue(line);
            if (lines.Count > LinesInMemory)
                lines.Dequeue();
            if (file.BaseStream.Length > MaximumFileBytes)
            {
                file.Dispose();
                file = Rotate();
            }

            file.WriteLine($"{line.At:yyyy-MM-dd HH:mm:ss.fff} {line.Text}");
            foreach (var watcher in watchers)
                watcher.Writer.TryWrite(line);
        }
    }

    /// <summary>The lines in memory, then every new one until stopped. A watcher that cannot keep up misses the oldest.</summary>
    public async IAsyncEnumerable<LogLine> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(LinesInMemory) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
        {
            foreach (var line in lines)
                channel.Writer.TryWrite(line);
            watchers.Add(channel);
        }

        try
        {
            await foreach (var line in channel.Reader.ReadAllAsync(stop))
                yield return line;
        }
        finally
        {
            lock (gate)
                watchers.Remove(channel);
        }
    }

    public void Dispose()
    {
        lock (gate)
            file.Dispose();
    }

    // The previous run, or the previous 16 MB, stay readable under ".1".
    private StreamWriter Rotate()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (File.Exists(path))
            File.Move(path, path + ".1", overwrite: true);
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        return new StreamWriter(path, options) { AutoFlush = true };
    }
}

/// <summary>One line of a log. The number only grows, so that a page can tell what it has already shown.</summary>
internal sealed record LogLine(long Number, DateTimeOffset At, string Text);
