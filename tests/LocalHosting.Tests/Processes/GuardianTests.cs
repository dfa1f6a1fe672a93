using System.Diagnostics;
using PackRelay.LocalHosting.Processes;
using PackRelay.Testing;

namespace PackRelay.LocalHosting.Tests.Processes;

public sealed class GuardianTests
{
    private static readonly Dictionary<string, string> Path = new(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" };

    [Fact]
    public async Task Dispose_WithChildrenRunning_StopsThemTheirDescendantsAndStrays()
    {
        var guardian = Guardian.Start(TimeSpan.FromSeconds(1));
        // One grandchild in the session, one that moved to a session of its own and lost its parent, and a parent that ignores the polite signal.
        var printed = new List<int>();
        var child = ChildProcess.Start(new("sh", ["-c", "trap '' TERM; sleep 1000 & echo $!; (setsid sleep 1001 & echo $!); wait; wait"], "/")
        {
            Environment = Path,
            Guardian = guardian,
            Log = line => { lock (printed) printed.Add(int.Parse(line, System.Globalization.CultureInfo.InvariantCulture)); },
        });
        await Wait.UntilAsync(() => { lock (printed) return printed.Count == 2; }, "both grandchildren run");
        ProcessTable.Entry[] all;
        lock (printed)
            all = [.. printed.Append(child.ProcessId).Select(id => ProcessTable.Find(id)!.Value)];

        await guardian.DisposeAsync();

        await Wait.UntilAsync(() => !all.Any(ProcessTable.IsRunning), "all of them are gone");
        await child.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_ForeignProcessOfTheSameProgram_IsLeftAlone()
    {
        using var foreign = Process.Start("sleep", "1002");
        var guardian = Guardian.Start(TimeSpan.FromSeconds(1));
        await using var child = ChildProcess.Start(new("sleep", ["1003"], "/") { Environment = Path, Guardian = guardian });

        await guardian.DisposeAsync();

        await child.Exited.WaitAsync(Wait.Default);
        Assert.False(foreign.HasExited);
        foreign.Kill();
    }

    [Fact]
    public async Task Add_AfterTheGuardianWasKilled_StartsAnotherThatKnowsAllChildren()
    {
        var guardian = Guardian.Start(TimeSpan.FromSeconds(1));
        await using var first = ChildProcess.Start(new("sleep", ["1004"], "/") { Environment = Path, Guardian = guardian });
        var killed = ProcessTable.Find(guardian.ProcessId)!.Value;
        Signals.Kill(killed);
        await Wait.UntilAsync(() => !ProcessTable.IsRunning(killed), "the guardian is gone");

        await using var second = ChildProcess.Start(new("sleep", ["1005"], "/") { Environment = Path, Guardian = guardian });
        await guardian.DisposeAsync();

        await Task.WhenAll(first.Exited, second.Exited).WaitAsync(Wait.Default);
    }

    [Fact]
    public async Task Stop_ChildThatEndedBefore_TakesItsDescendantsAlong()
    {
        await using var child = ChildProcess.Start(new("sh", ["-c", "sleep 1006 & exit 3"], "/") { Environment = Path });
        Assert.Equal(3, await child.Exited.WaitAsync(Wait.Default));
        var orphans = new List<ProcessTable.Entry>();
        await Wait.UntilAsync(
            () =>
            {
                orphans = [.. ProcessTable.WorkingIn("/", "sleep").Where(entry => entry.SessionId == child.ProcessId)];
                return orphans.Count == 1;
            },
            "the orphan runs");

        await child.StopAsync(TimeSpan.FromSeconds(1));

        await Wait.UntilAsync(() => !ProcessTable.IsRunning(orphans[0]), "the orphan is gone");
    }
}
