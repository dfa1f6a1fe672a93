using System.Diagnostics;
using System.Globalization;

namespace PackRelay.Testing;

/// <summary>What a test does to a process that it started.</summary>
public static class ProcessSignals
{
    /// <summary>Sends a signal. False when the process has ended already.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="signal">The signal's name: <c>KILL</c>, <c>STOP</c>, <c>CONT</c>, <c>TERM</c>.</param>
    public static async Task<bool> SendAsync(int processId, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", processId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        return kill.ExitCode == 0;
    }
}
