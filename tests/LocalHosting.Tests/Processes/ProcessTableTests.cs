using PackRelay.LocalHosting.Processes;
using PackRelay.Testing;

namespace PackRelay.LocalHosting.Tests.Processes;

public sealed class ProcessTableTests
{
    [Fact]
    public async Task MemoryOf_ShellWithChild_CountsBoth()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" };
        await using var alone = ChildProcess.Start(new("sleep", ["1007"], "/") { Environment = environment });
        // dash holds a string of 8 MB in a child of its own.
        await using var parent = ChildProcess.Start(new("sh", ["-c", "(big=$(head -c 8000000 /dev/zero | tr '\\0' x); read -r never < /dev/null; while :; do sleep 1008; done) & wait"], "/") { Environment = environment });

        await Wait.UntilAsync(() => ProcessTable.MemoryOf([parent.ProcessId])[parent.ProcessId] > 8_000_000, "the child's memory shows at its parent");

        Assert.InRange(ProcessTable.MemoryOf([alone.ProcessId, parent.ProcessId])[alone.ProcessId], 1, 8_000_000);
    }

    [Fact]
    public void IsRunning_SameNumberOtherStartTime_IsSomebodyElse()
    {
        var own = ProcessTable.Find(Environment.ProcessId)!.Value;

        Assert.True(ProcessTable.IsRunning(own));
        Assert.False(ProcessTable.IsRunning(own with { StartTicks = own.StartTicks - 1 }));
        Assert.Empty(ProcessTable.Family(own with { StartTicks = own.StartTicks - 1 }));
    }
}
