using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PackRelay.LocalHosting.Processes;

/// <summary>
/// A tiny shell process that outlives this one. It holds the reading end of a pipe: when this process ends for whatever reason,
/// kill -9 included, the pipe closes and the guardian stops every process that was registered and not yet reported as ended,
/// with its descendants. Nothing else is touched. One guardian per process is enough.
/// </summary>
public sealed class Guardian : IAsyncDisposable
{
    private const string MarkName = "PACKRELAY_STARTED_BY";
    private readonly Lock gate = new();
    private readonly Dictionary<int, string> children = [];
    private readonly string mark = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly TimeSpan grace;
    private Process process;
    private bool disposed;

    private Guardian(TimeSpan grace)
    {
        this.grace = grace;
        process = StartShell();
    }

    /// <summary>The guardian's own process number.</summary>
    public int ProcessId
    {
        get
        {
            lock (gate)
                return process.Id;
        }
    }

    /// <summary>Starts a guardian.</summary>
    /// <param name="grace">Time between the polite signal and the kill, whole seconds; default 10 s.</param>
    public static Guardian Start(TimeSpan? grace = null) => new(grace ?? TimeSpan.FromSeconds(10));

    /// <summary>The variable by which descendants are recognised that left their session and parent.</summary>
    internal KeyValuePair<string, string> Mark => new(MarkName, mark);

    internal void Add(ProcessTable.Entry child, StopSignal signal)
    {
        var name = signal == StopSignal.Interrupt ? "INT" : "TERM";
        var line = string.Create(CultureInfo.InvariantCulture, $"add {child.ProcessId} {child.StartTicks} {name}");
        lock (gate)
        {
            children[child.ProcessId] = line;
            Tell(line);
        }
    }

    internal void Remove(int processId)
    {
        lock (gate)
        {
            if (children.Remove(processId) && !disposed)
                Tell(string.Create(CultureInfo.InvariantCulture, $"del {processId}"));
        }
    }

    /// <summary>Closes the pipe; the guardian stops what is still registered and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(grace + TimeSpan.FromSeconds(10));
        process.Dispose();
    }

    // Called under the lock. A guardian that was killed itself is replaced and told everything again.
    private void Tell(string line)
    {
        try
        {
            if (!process.HasExited)
            {
                process.StandardInput.WriteLine(line);
                return;
            }
        }
        catch (IOException)
        {
            // It died between the look and the write.
        }

        process.Dispose();
        process = StartShell();
        foreach (var child in children.Values)
            process.StandardInput.WriteLine(child);
    }

    private Process StartShell()
    {
        using var script = new StreamReader(typeof(Guardian).Assembly.GetManifestResourceStream("guardian.sh")!, Encoding.UTF8);
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, UseShellExecute = false, WorkingDirectory = "/" };
        foreach (var argument in (string[])["sh", "-c", script.ReadToEnd(), "packrelay-guardian", $"{MarkName}={mark}", ((int)grace.TotalSeconds).ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        var shell = Process.Start(start) ?? throw new InvalidOperationException("The guardian process did not start.");
        shell.StandardInput.AutoFlush = true;
        return shell;
    }
}
