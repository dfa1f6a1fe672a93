using System.Diagnostics;
using System.Globalization;

namespace PackRelay.Testing;

/// <summary>What a test does to a process that it started.</summary>
public static class ProcessSignals
{
    /// <summary>Sends a signal; of STOP it waits for the effect on every thread, since one that still runs may answer somebody. False when the process has ended already.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="signal">The signal's name: <c>KILL</c>, <c>STOP</c>, <c>CONT</c>, <c>TERM</c>.</param>
    public static async Task<bool> SendAsync(int processId, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", processId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode == 0 && signal == "STOP") await Wait.UntilAsync(() => IsStopped(processId), $"process {processId} stands still", TimeSpan.FromSeconds(10));
        return kill.ExitCode == 0;
    }

    private static bool IsStopped(int processId)
    {
        var threads = new DirectoryInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task"));
        try
        {
            return threads.EnumerateDirectories().All(thread => StateOf(thread) is 'T' or 't');
        }
        catch (IOException)
        {
            return false; // a thread ended while it was looked at
        }
    }

    /// <summary>The letter behind the name, which stands in brackets and may hold anything.</summary>
    private static char StateOf(DirectoryInfo thread)
    {
        var line = File.ReadAllText(Path.Combine(thread.FullName, "stat"));
        return line[line.LastIndexOf(')') + 2];
    }
}
