using System.Diagnostics;

namespace PackRelay.LocalHosting.Processes;

/// <summary>What to start and how.</summary>
internal sealed record ChildProcessStart(string Program, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>The whole environment of the child; nothing is inherited.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public StopSignal StopSignal { get; init; } = StopSignal.Terminate;

    public Action<string>? Log { get; init; }

    public Guardian? Guardian { get; init; }
}

/// <summary>
/// A process in a session of its own: Ctrl-C on the terminal does not reach it, and it can be stopped with everything it started.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    // The child waits for a line before it becomes the real program, so the guardian knows it before it can do anything;
    // if we die in between, the read fails and nothing was started.
    private const string Launcher = "read -r go || exit 125; exec \"$@\" </dev/null";
    private readonly Process process;
    private readonly ProcessTable.Entry identity;
    private readonly ChildProcessStart start;
    private readonly Task reading;

    private ChildProcess(Process process, ProcessTable.Entry identity, ChildProcessStart start)
    {
        this.process = process;
        this.identity = identity;
        this.start = start;
        reading = Task.WhenAll(LineReader.ReadAsync(process.StandardOutput, OnLine), LineReader.ReadAsync(process.StandardError, OnLine));
        Exited = WaitAsync();
    }

    public int ProcessId => identity.ProcessId;

    /// <summary>The exit code, once the process has ended.</summary>
    public Task<int> Exited { get; }

    public static ChildProcess Start(ChildProcessStart start)
    {
        var info = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = start.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (IEnumerable<string>)["sh", "-c", Launcher, "sh", start.Program, .. start.Arguments])
            info.ArgumentList.Add(argument);
        info.Environment.Clear();
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;
        if (start.Guardian is { } guardian)
            info.Environment[guardian.Mark.Key] = guardian.Mark.Value;

        var launched = Process.Start(info) ?? throw new InvalidOperationException($"{start.Program} did not start.");
        var entry = ProcessTable.Find(launched.Id) ?? new(launched.Id, 'Z', 0, 0, 0);
        start.Guardian?.Add(entry, start.StopSignal);
        try
        {
            launched.StandardInput.WriteLine();
            launched.StandardInput.Close();
        }
        catch (IOException)
        {
            // The launcher is already gone; the exit code says so.
        }

        return new(launched, entry, start);
    }

    /// <summary>Asks politely, waits for <paramref name="grace"/>, then kills it and whatever it left behind.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        var family = ProcessTable.Family(identity);
        if (!Exited.IsCompleted)
        {
            Signals.Send(ProcessId, start.StopSignal);
            await Task.WhenAny(Exited, Task.Delay(grace));
        }

        foreach (var member in family.Union(ProcessTable.Family(identity)))
            Signals.Kill(member);
        await Exited;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        process.Dispose();
    }

    private void OnLine(string line) => start.Log?.Invoke(line);

    private async Task<int> WaitAsync()
    {
        await process.WaitForExitAsync();
        start.Guardian?.Remove(ProcessId);
        // A grandchild may hold the pipes open for ever; what the process itself wrote is there at once.
        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(500)));
        return process.ExitCode;
    }
}
