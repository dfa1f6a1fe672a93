using System.Runtime.InteropServices;

namespace PackRelay.LocalHosting.Processes;

/// <summary>The signals used to stop processes, by their Linux numbers.</summary>
public enum StopSignal
{
    /// <summary>Postgres' fast shutdown: connections are closed, data is flushed.</summary>
    Interrupt = 2,

    /// <summary>What everything else understands as a polite request.</summary>
    Terminate = 15,
}

internal static partial class Signals
{
    private const int KillNumber = 9;

    public static void Send(int processId, StopSignal signal) => _ = kill(processId, (int)signal);

    /// <summary>Kills that very process; a later one that was given the same number is left alone.</summary>
    public static void Kill(ProcessTable.Entry process)
    {
        if (ProcessTable.IsRunning(process))
            _ = kill(process.ProcessId, KillNumber);
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
#pragma warning disable IDE1006 // the C library's own name
    private static partial int kill(int pid, int signal);
#pragma warning restore IDE1006
}
