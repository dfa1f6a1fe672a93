using PackRelay.LocalHosting.Processes;
using PackRelay.LocalHosting.Servers;

namespace PackRelay.LocalHosting.Running;

/// <summary>A started server or project, as the supervisor sees it.</summary>
internal sealed record RunningProcess(int ProcessId, Task<int> Exited, Func<Task> StopAsync)
{
    // A service that drains its requests needs a while; 20 s is more than any of them waits itself.
    private static readonly TimeSpan ProjectGrace = TimeSpan.FromSeconds(20);

    public static RunningProcess Of(LocalServer server) => new(server.ProcessId, server.Exited, () => server.DisposeAsync().AsTask());

    public static RunningProcess Of(ChildProcess process) => new(process.ProcessId, process.Exited, async () =>
    {
        await process.StopAsync(ProjectGrace);
        await process.DisposeAsync();
    });
}
