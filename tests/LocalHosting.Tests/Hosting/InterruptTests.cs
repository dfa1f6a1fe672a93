using System.Diagnostics;
using PackRelay.LocalHosting.Processes;
using PackRelay.Testing;

namespace PackRelay.LocalHosting.Tests.Hosting;

/// <summary>Ctrl-C typed at a real terminal, whose whole foreground gets the signal.</summary>
public sealed class InterruptTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AppHost_InterruptedAtTheTerminal_StopsEverythingInOrderAndEndsWell()
    {
        await using var host = await RunningHost.StartAndWaitAsync(folder["data"], terminal: true);
        var children = host.Children();

        host.PressControlC();

        Assert.Equal(0, await host.WaitForExitAsync());
        Assert.DoesNotContain(children, ProcessTable.IsRunning);
        Assert.Contains("everything is stopped", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AppHost_InterruptedTwice_DoesNotWaitForASlowService()
    {
        await using var host = await RunningHost.StartAndWaitAsync(folder["data"], terminal: true, settings: new() { ["SAMPLE_STOP_SECONDS"] = "60" });
        var children = host.Children();
        host.PressControlC();
        await Wait.UntilAsync(() => host.Output.Contains("stopping ...", StringComparison.Ordinal), "it is stopping");
        var clock = Stopwatch.StartNew();

        host.PressControlC();

        Assert.Equal(0, await host.WaitForExitAsync());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}, but a service gets 20 s of patience when nobody hurries");
        Assert.Contains("stopping at once", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(children, ProcessTable.IsRunning);
    }
}
