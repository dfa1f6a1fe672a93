using System.Collections.Concurrent;
using PackRelay.LocalHosting.Processes;

namespace PackRelay.LocalHosting.Servers;

/// <summary>What all local servers are started with.</summary>
public abstract record ServerOptions
{
    /// <summary>Folder of this server alone; created when missing, kept when the server stops.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Loopback port; 0 (the default) takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Receives every line that the server writes, and what this library has to say about it.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Stops the server should this process die.</summary>
    public Guardian? Guardian { get; init; }

    /// <summary>How long the server may take until it answers; default 90 s, because a loaded machine starts slowly.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(90);
}

/// <summary>A private server process on loopback. It is started once; after it has ended, start another with the same options.</summary>
public abstract class LocalServer : IAsyncDisposable
{
    // A quick server is noticed at once; to ask a slow one all the time would take from it the processor that it needs to start.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);
    private readonly ChildProcess process;

    private protected LocalServer(ChildProcess process, int port)
    {
        this.process = process;
        Port = port;
    }

    /// <summary>The loopback port on which the server answers.</summary>
    public int Port { get; }

    /// <summary>Number of the server's main process.</summary>
    public int ProcessId => process.ProcessId;

    /// <summary>Completes with the exit code when the server ends, whoever ended it.</summary>
    public Task<int> Exited => process.Exited;

    /// <summary>How clients reach the server, in the format that Aspire injects.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>Time that the server gets to stop by itself.</summary>
    private protected virtual TimeSpan StopGrace => TimeSpan.FromSeconds(10);

    /// <summary>Stops the server politely, then with force, with everything that it started. Data stays.</summary>
    public virtual async Task StopAsync() => await process.StopAsync(StopGrace);

    /// <inheritdoc cref="StopAsync"/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await process.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the process and waits until <paramref name="probe"/> reports health; a failed start leaves nothing behind.</summary>
    private protected static async Task<ChildProcess> StartAsync(
        string name, ServerOptions options, ChildProcessStart start, Func<CancellationToken, Task<string?>> probe, CancellationToken stop)
    {
        var lastLines = new ConcurrentQueue<string>();
        var child = ChildProcess.Start(start with
        {
            Guardian = options.Guardian,
            Log = line =>
            {
                lastLines.Enqueue(line);
                if (lastLines.Count > 20)
                    lastLines.TryDequeue(out _);
                options.Log?.Invoke(line);
            },
        });
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(options.StartTimeout);
        string? problem = null;
        var pause = ShortestPause;
        try
        {
            while (!child.Exited.IsCompleted)
            {
                if ((problem = await probe(deadline.Token)) is null)
                    return child;
                await Task.WhenAny(child.Exited, Task.Delay(pause, deadline.Token));
                deadline.Token.ThrowIfCancellationRequested();
                pause = pause < LongestPause ? pause * 1.2 : LongestPause;
            }

            throw new ServerStartException($"{name} ended with exit code {await child.Exited} before it answered.", lastLines);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            await child.DisposeAsync();
            throw new ServerStartException($"{name} did not answer within {options.StartTimeout.TotalSeconds:0} s: {problem}", lastLines);
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a folder that only its owner can enter.</summary>
    private protected static string CreatePrivateDirectory(string path)
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var directory = Directory.CreateDirectory(Path.GetFullPath(path), OwnerOnly);
        File.SetUnixFileMode(directory.FullName, OwnerOnly);
        return directory.FullName;
    }

    /// <summary>Writes a file that only its owner can read: configuration files hold passwords.</summary>
    private protected static async Task WritePrivateFileAsync(string path, string text, CancellationToken stop)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        await using var file = new StreamWriter(path, options);
        await file.WriteAsync(text.AsMemory(), stop);
    }

    /// <summary>The environment of a server: nothing of ours but what every program needs.</summary>
    private protected static Dictionary<string, string> Environment(string home) => new(StringComparer.Ordinal)
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["LANG"] = "C.UTF-8",
        ["HOME"] = home,
    };
}

/// <summary>A server did not come up; the message ends with the last lines that it wrote.</summary>
public sealed class ServerStartException(string message, IEnumerable<string> lastLines)
    : Exception(string.Join(System.Environment.NewLine, [message, .. lastLines.TakeLast(20)]));
