using System.Globalization;
using System.Runtime.InteropServices;

namespace PackRelay.Heartbeats;

/// <summary>
/// What is done to a process while beats come: <c>kill:PID</c> ends it with nothing put in order, <c>stop:PID:SECONDS</c> lets it hang for so long.
/// </summary>
/// <param name="Kind">kill or stop.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="Length">How long it hangs.</param>
internal sealed partial record Chaos(string Kind, int ProcessId, TimeSpan Length)
{
    private const int Kill = 9;

    private const int Continue = 18;

    private const int Stop = 19;

    public static Chaos Parse(string text)
    {
        var parts = text.Split(':');
        return parts switch
        {
            ["kill", var process] => new("kill", int.Parse(process, CultureInfo.InvariantCulture), TimeSpan.Zero),
            ["stop", var process, var seconds] => new("stop", int.Parse(process, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture))),
            _ => throw new ArgumentException($"'{text}' is neither kill:PID nor stop:PID:SECONDS.", nameof(text)),
        };
    }

    /// <summary>Strikes after a while. A process that hangs goes on afterwards, also when the run is cancelled.</summary>
    public async Task RunAsync(TimeSpan after, CancellationToken stop)
    {
        await Task.Delay(after, stop);
        Send(Kind == "kill" ? Kill : Stop);
        if (Kind == "kill") return;
        try
        {
            await Task.Delay(Length, stop);
        }
        finally
        {
            Send(Continue);
        }
    }

    private void Send(int signal)
    {
        if (SendSignal(ProcessId, signal) != 0) throw new InvalidOperationException($"Process {ProcessId} cannot be sent signal {signal}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SendSignal(int processId, int signal);
}
